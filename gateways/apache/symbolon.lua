-- Asks Symbolon whether a request's session is good. Anything but its 200 ends the request here.

local socket = require "socket"

local ADDRESS, PORT = ("symbolon.internal:8080"):match("^(.*):(%d+)$")
-- The session's ID, and its browser's proof of a key.
local COOKIES = { ["__Host-sid"] = true, ["__Host-sid_bound"] = true }
local PATIENCE_SECONDS = 2

local IDENTITY = {
  ["x-session-user"] = "X-Session-User",
  ["x-session-handle"] = "X-Session-Handle",
  ["x-session-tenant"] = "X-Session-Tenant",
  ["x-session-auth-level"] = "X-Session-Auth-Level",
  ["x-session-auth-methods"] = "X-Session-Auth-Methods",
  ["x-session-auth-time"] = "X-Session-Auth-Time",
  ["x-session-rotated"] = "X-Session-Rotated",
  ["x-session-assertion"] = "X-Session-Assertion",
}

-- What of the client's request the service has a use for.
local PASSED = {
  "Host", "Cookie", "User-Agent", "Sec-Fetch-Site", "Sec-Fetch-Mode", "Sec-Fetch-Dest",
  "Sec-WebSocket-Key", "Sec-Purpose", "Purpose", "X-Moz", "X-CSRF-Token", "DPoP", "Client-Cert",
}

-- This thread's connection, while it is open.
local kept

local function question(r)
  local lines = { "GET /gw/apache/validate HTTP/1.1" }
  for _, name in ipairs(PASSED) do
    local value = r.headers_in[name]
    if value then
      lines[#lines + 1] = name .. ": " .. value
    end
  end
  lines[#lines + 1] = "X-Forwarded-For: " .. r.useragent_ip
  lines[#lines + 1] = "X-Forwarded-Proto: " .. (r.is_https and "https" or "http")
  lines[#lines + 1] = "X-Forwarded-Host: " .. (r.headers_in["Host"] or "")
  lines[#lines + 1] = "X-Forwarded-Method: " .. r.method
  lines[#lines + 1] = "X-Forwarded-Uri: " .. r.unparsed_uri
  return table.concat(lines, "\r\n") .. "\r\n\r\n"
end

-- The status and the fields of an answer, which has no body; nothing where there is none.
local function ask(connection, text)
  if not connection:send(text) then
    return
  end
  local line = connection:receive("*l")
  local status = line and tonumber(line:match("^HTTP/1%.[01] (%d%d%d)"))
  if not status then
    return
  end
  local fields = {}
  while true do
    local field = connection:receive("*l")
    if not field then
      return
    end
    if field == "" then
      return status, fields
    end
    local name, value = field:match("^([^:]+):%s*(.-)%s*$")
    if not name then
      return
    end
    fields[name:lower()] = value
  end
end

local function connected()
  local connection = socket.tcp()
  connection:settimeout(PATIENCE_SECONDS)
  if connection:connect(ADDRESS, PORT) then
    connection:setoption("tcp-nodelay", true)
    return connection
  end
end

-- A kept connection may have been closed meanwhile, so a new one is tried before there is no answer.
local function answer(text)
  for attempt = 1, 2 do
    local fresh = not kept
    local connection = kept or connected()
    kept = nil
    if not connection then
      return
    end
    local started = socket.gettime()
    local status, fields = ask(connection, text)
    if status then
      if fields["content-length"] == "0" and (fields["connection"] or ""):lower() ~= "close" then
        kept = connection
      else
        connection:close()
      end
      return status, fields
    end
    connection:close()
    if fresh or socket.gettime() - started >= PATIENCE_SECONDS then
      return
    end
  end
end

-- What a client says of identities and of itself ends here; with underscores too, which CGI-like
-- applications take for the same names.
local function distrust(r)
  local claims = {}
  for name in pairs(r:headers_in_table()) do
    local plain = name:lower():gsub("_", "-")
    if plain:match("^x%-session%-") or plain:match("^x%-original%-") or plain == "forwarded"
      or plain == "x-forwarded-uri" or plain == "x-forwarded-method" then
      claims[#claims + 1] = name
    end
  end
  for _, name in ipairs(claims) do
    r.headers_in[name] = nil
  end
end

-- The application sees every cookie but the session's two.
local function hide_session(r)
  local field = r.headers_in["Cookie"]
  if not field then
    return
  end
  local others = {}
  for pair in field:gmatch("[^;]+") do
    local cookie = pair:gsub("^[ \t]+", "")
    if not COOKIES[cookie:match("^[^=]*")] then
      others[#others + 1] = cookie
    end
  end
  r.headers_in["Cookie"] = #others > 0 and table.concat(others, "; ") or nil
end

local function no_verdict(r)
  r.err_headers_out["Retry-After"] = "1"
  r.err_headers_out["Cache-Control"] = "no-store"
  return 503
end

-- What Symbolon answers itself.
local function is_own(path)
  for _, own in ipairs({ "register", "refresh", "again", "again.js" }) do
    if path == "/.session/dbsc/" .. own then
      return true
    end
  end
  for _, own in ipairs({ "login", "logout", "session/refresh", "session/csrf", "me/sessions" }) do
    if path == "/v1/" .. own or path:sub(1, #own + 5) == "/v1/" .. own .. "/" then
      return true
    end
  end
  return false
end

function validate(r)
  distrust(r)
  if is_own(r.uri) then
    return apache2.OK
  end
  local status, fields = answer(question(r))
  if status ~= 200 and status ~= 401 and status ~= 403 then
    return no_verdict(r)
  end
  if fields["set-cookie"] and status ~= 403 then
    r.err_headers_out["Set-Cookie"] = fields["set-cookie"]
    r.subprocess_env["SESSION_COOKIE"] = "1"
  end
  if status == 401 and fields["x-session-again"] then
    -- Browsers prove their session's key for this site's own pages alone. So a link from elsewhere, whose proof has
    -- ended, is answered with a page that asks for the same address again.
    r:custom_response(401, "/.session/dbsc/again")
    return status
  end
  if status ~= 200 then
    r.err_headers_out["WWW-Authenticate"] = fields["www-authenticate"]
    r.err_headers_out["X-Session-Error"] = fields["x-session-error"]
    r.err_headers_out["DPoP-Nonce"] = fields["dpop-nonce"]
    return status
  end
  hide_session(r)
  for name, shown in pairs(IDENTITY) do
    r.headers_in[shown] = fields[name] or ""
  end
  r.user = fields["x-session-user"]
  return apache2.OK
end
