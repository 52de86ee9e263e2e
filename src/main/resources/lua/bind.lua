-- Binds a live session to a key. The first key wins, and nothing takes a binding away again.
--
-- KEYS[1]  the record's key, s{lane}, the bucket's low byte and the session's name
-- ARGV[1]  0 for this server's clock; in tests the instant to take for now, in ms
-- ARGV[2]  the binding as it stands first in a record's tail: tag (1), length (2), kind (1), since
--          in ms (6), key
-- Reply    {0, now} absent or expired; {1, now, tombstone}; {2, now} bound to another key; {3, now,
--          record} bound to this one, now or before

local LIVE, TOMBSTONE, BINDING = 0x10, 0x11, 0x88

local now = tonumber(ARGV[1])
if now == 0 then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end

local record = redis.call('GET', KEYS[1])
local kind = record and string.byte(record, 1)
if not kind then
  return {0, now}
end
if kind == TOMBSTONE then
  return {1, now, record}
end
if kind ~= LIVE or #record < 65 then
  error('UNREADABLE record')
end
local used, deadline, idle = struct.unpack('>I6I6I5', record, 17)
if now >= deadline or now >= used + idle then
  return {0, now}
end

if string.byte(record, 66) == BINDING then
  local there = string.sub(record, 66, 68 + struct.unpack('>I2', record, 67))
  -- The same but for the instant: this call was delivered before.
  if string.sub(there, 1, 4) == string.sub(ARGV[2], 1, 4)
      and string.sub(there, 11) == string.sub(ARGV[2], 11) then
    return {3, now, record}
  end
  return {2, now}
end
record = string.sub(record, 1, 65) .. ARGV[2] .. string.sub(record, 66)
redis.call('SET', KEYS[1], record, 'KEEPTTL')
tell(MOVED, KEYS[1])
return {3, now, record}
