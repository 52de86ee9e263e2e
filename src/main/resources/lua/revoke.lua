-- Ends a session: a tombstone takes its record's place until the absolute deadline.
-- Repeating it does nothing, and of an absent session nothing is made.
--
-- KEYS[1]  the record's key, s{lane}, the bucket's low byte and the session's name
-- KEYS[2]  the subject's index, u{lane}, the bucket's low byte and the hash
-- ARGV[1]  0 for this server's clock; in tests the instant to take for now, in ms
-- ARGV[2]  the session's name, 8 bytes
-- ARGV[3]  the reason's code
-- Reply    {1, its absolute deadline} where a live session was ended, {0, deadline} where it had been
--          before; else {0, 0}

local LIVE, TOMBSTONE = 0x10, 0x11

local now = tonumber(ARGV[1])
if now == 0 then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end

local record = redis.call('GET', KEYS[1])
-- A full server refuses SET as a script's first write, but not after ZREM.
redis.call('ZREM', KEYS[2], ARGV[2])
local kind = record and string.byte(record, 1)
if not kind then
  return {0, 0}
end
local left = math.max(redis.call('PTTL', KEYS[1]), 0)
if kind == TOMBSTONE then
  return {0, now + left}
end
local tombstone = struct.pack('>BBI6', TOMBSTONE, tonumber(ARGV[3]), now)
if kind ~= LIVE or #record < 33 then
  -- Its deadline can't be read, but whoever asks for its end gets it.
  redis.call('SET', KEYS[1], tombstone, 'KEEPTTL')
  tellEnd(KEYS[1], now + left, tonumber(ARGV[3]))
  return {1, now + left}
end
local seen, deadline, idle = struct.unpack('>I6I6I5', record, 17)
if now >= deadline or now >= seen + idle then
  return {0, 0}
end
redis.call('SET', KEYS[1], tombstone, 'PX', deadline - now)
tellEnd(KEYS[1], deadline, tonumber(ARGV[3]))
return {1, deadline}
