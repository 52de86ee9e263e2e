-- Asks Symbolon whether a request's session is good; symbolon.cfg acts on what it answers. Sets
-- txn.session_status, txn.session_error, txn.session_challenge, txn.session_nonce, txn.session_cookie and
-- txn.session_again, and the request's X-Session-* fields.

local VALIDATE = "http://symbolon.internal:8080/gw/haproxy/validate"
-- The session's ID, and its browser's proof of a key.
local COOKIES = { ["__Host-sid"] = true, ["__Host-sid_bound"] = true }
-- HAProxy repeats an unanswered request up to three times; validate bears that.
local PATIENCE_MS = 700

local IDENTITY = {
  "x-session-user", "x-session-handle", "x-session-tenant", "x-session-auth-level",
  "x-session-auth-methods", "x-session-auth-time", "x-session-rotated", "x-session-assertion",
}

-- What of the client's request the service has a use for, beside the cookies.
local PASSED = {
  "host", "user-agent", "sec-fetch-site", "sec-fetch-mode", "sec-fetch-dest",
  "sec-websocket-key", "sec-purpose", "purpose", "x-moz", "x-csrf-token", "dpop", "client-cert",
  "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host",
}

local function all(fields, name)
  local values = {}
  local field = fields[name]
  local i = field and (field[0] and 0 or 1)
  while field and field[i] do
    values[#values + 1] = field[i]
    i = i + 1
  end
  return values
end

-- The application sees every cookie but the session's two.
local function hide_session(txn, cookies)
  txn.http:req_del_header("cookie")
  for _, field in ipairs(cookies) do
    local kept = {}
    for pair in field:gmatch("[^;]+") do
      local cookie = pair:gsub("^[ \t]+", "")
      if not COOKIES[cookie:match("^[^=]*")] then
        kept[#kept + 1] = cookie
      end
    end
    if #kept > 0 then
      txn.http:req_add_header("cookie", table.concat(kept, "; "))
    end
  end
end

core.register_action("session_validate", { "http-req" }, function(txn)
  local fields = txn.http:req_get_headers()
  local cookies = all(fields, "cookie")
  local question = {
    ["x-forwarded-method"] = { txn.f:method() },
    ["x-forwarded-uri"] = { txn.f:pathq() },
  }
  for _, name in ipairs(PASSED) do
    local values = all(fields, name)
    if #values > 0 then
      question[name] = values
    end
  end
  if #cookies > 0 then
    question["cookie"] = cookies
  end

  local answer = core.httpclient():get { url = VALIDATE, headers = question, timeout = PATIENCE_MS }
  if not answer or not answer.status then
    return
  end
  local cookie = all(answer.headers, "set-cookie")[1]
  if cookie and (answer.status == 200 or answer.status == 401) then
    txn:set_var("txn.session_cookie", cookie)
  end
  local nonce = all(answer.headers, "dpop-nonce")[1]
  if nonce then
    txn:set_var("txn.session_nonce", nonce)
  end
  if answer.status == 401 and all(answer.headers, "x-session-again")[1] then
    txn:set_var("txn.session_again", "1")
  end
  txn:set_var("txn.session_error", all(answer.headers, "x-session-error")[1] or "refused")
  txn:set_var("txn.session_challenge", all(answer.headers, "www-authenticate")[1] or "Session")
  for _, name in ipairs(IDENTITY) do
    txn.http:req_set_header(name, all(answer.headers, name)[1] or "")
  end
  hide_session(txn, cookies)
  -- Last: whatever failed before leaves the request without a verdict.
  txn:set_var("txn.session_status", tostring(answer.status))
end, 0)
