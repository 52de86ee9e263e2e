-- Records what is compared of a session's presenters, where what was read of it still stands.
--
-- KEYS[1]  the record's key, s{lane}, the bucket's low byte and the session's name
-- ARGV[1]  0 for this server's clock; in tests the instant to take for now, in ms
-- ARGV[2]  the generation that the caller read
-- ARGV[3]  the signals and places that the caller read, as they stand in a record's tail, each of
--          them tag (1), length (1), the rest; empty for none
-- ARGV[4]  the signals and places in their stead
-- ARGV[5]  1 where the session is used from elsewhere: then it is told, so that whoever answers for
--          another presenter from memory looks again
-- Reply    1 where it was recorded, else 0

local LIVE, BINDING, SIGNALS, PLACES = 0x10, 0x88, 0x09, 0x0a

local now = tonumber(ARGV[1])
if now == 0 then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end

local record = redis.call('GET', KEYS[1])
if not record or string.byte(record, 1) ~= LIVE or #record < 65 then
  return 0
end
local generation = struct.unpack('>I2', record, 3)
local used, deadline, idle = struct.unpack('>I6I6I5', record, 17)
if generation ~= tonumber(ARGV[2]) or now >= deadline or now >= used + idle then
  return 0
end

local from = 66
if string.byte(record, from) == BINDING then
  from = from + 3 + struct.unpack('>I2', record, from + 1)
end
local to = from
if string.byte(record, to) == SIGNALS then
  to = to + 2 + string.byte(record, to + 1)
end
if string.byte(record, to) == PLACES then
  to = to + 2 + string.byte(record, to + 1)
end
if string.sub(record, from, to - 1) ~= ARGV[3] then
  return 0
end
redis.call('SET', KEYS[1], string.sub(record, 1, from - 1) .. ARGV[4] .. string.sub(record, to),
  'KEEPTTL')
if ARGV[5] == '1' then
  tell(MOVED, KEYS[1])
end
return 1
