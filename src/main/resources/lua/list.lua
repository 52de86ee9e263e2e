-- Reads a subject's live sessions; writes nothing.
-- Uses the sessions' keys without naming them: they share the index's hash tag.
--
-- KEYS[1]  the subject's index, u{lane}, the bucket's low byte and the hash
-- ARGV[1]  0 for this server's clock; in tests the instant to take for now, in ms
-- ARGV[2]  how many to read at most
-- Reply    {name, record, name, record...} in no order

local LIVE, TOMBSTONE = 0x10, 0x11

local now = tonumber(ARGV[1])
if now == 0 then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end
local prefix = 's' .. string.sub(KEYS[1], 2, 6)

local found = {}
for _, name in ipairs(redis.call('ZRANGE', KEYS[1], 0, ARGV[2] - 1)) do
  local record = redis.call('GET', prefix .. name)
  local kind = record and string.byte(record, 1)
  if kind == LIVE then
    local seen, deadline, idle = struct.unpack('>I6I6I5', record, 17)
    if now < deadline and now < seen + idle then
      found[#found + 1] = name
      found[#found + 1] = record
    end
  elseif kind and kind ~= TOMBSTONE then
    error('UNREADABLE record of the subject')
  end
end
return found
