-- Asks in turn with each Cookie field of a file, and the DPoP field that may follow a tab. Arguments: the
-- file, the path.
local requests, at = {}, 0

function init(args)
  for line in io.lines(args[1]) do
    local cookie, proof = line:match("^([^\t]*)\t?(.*)$")
    local fields = { Host = "localhost", Cookie = cookie }
    if proof ~= "" then
      fields.DPoP = proof
    end
    requests[#requests + 1] = wrk.format("GET", args[2], fields)
  end
end

function request()
  at = at % #requests + 1
  return requests[at]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format("RESULT %d %d %d %d %d\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99),
    errors.connect + errors.read + errors.write + errors.timeout + errors.status))
end
