-- Records a use of a session, unless one within a tenth of the idle timeout has been recorded.
-- Creates nothing: an absent, ended or expired session stays what it is.
--
-- KEYS[1]  the record's key, s{lane}, the bucket's low byte and the session's name
-- ARGV[1]  0 for this server's clock; in tests the instant to take for now, in ms
-- Reply    1 where it was recorded, else 0

local LIVE = 0x10

local now = tonumber(ARGV[1])
if now == 0 then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end

local head = redis.call('GETRANGE', KEYS[1], 0, 32)
if string.byte(head, 1) ~= LIVE then
  return 0
end
local seen, deadline, idle = struct.unpack('>I6I6I5', head, 17)
if now >= deadline or now >= seen + idle or now < seen + idle / 10 then
  return 0
end
-- A full server refuses SETRANGE as a script's first write, but not after PEXPIRE.
redis.call('PEXPIRE', KEYS[1], math.min(idle, deadline - now))
redis.call('SETRANGE', KEYS[1], 16, struct.pack('>I6', now))
return 1
