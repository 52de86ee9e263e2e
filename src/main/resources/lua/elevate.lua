-- Gives a session a new authentication and with it a new generation whose predecessors are dead.
-- Repeating it with the same generation and authentication answers what the first call did, as
-- long as the new generation has not been seen.
--
-- KEYS[1]  the record's key, s{lane}, the bucket's low byte and the session's name
-- ARGV[1]  0 for this server's clock; in tests the instant to take for now, in ms
-- ARGV[2]  the generation that the caller read
-- ARGV[3]  the key ID for the new generation
-- ARGV[4]  the new auth_time, 6 bytes
-- ARGV[5]  the record's whole tail with the new authentication, but for the binding, which stays
-- ARGV[6]  the overlap, ms
-- Reply    {0, now} absent or expired; {1, now, tombstone}; {2, now} the generation is another;
--          {3, now} there is no further generation; {4, now, record} done

local LIVE, TOMBSTONE = 0x10, 0x11
local SEEN, SEVERED, EXCUSED, ALL = 0x80, 0x40, 0x10, 3
local LAST, BINDING = 65535, 0x88

local now = tonumber(ARGV[1])
if now == 0 then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end
local expected = tonumber(ARGV[2])

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
local flags, generation = struct.unpack('>BI2', record, 2)
local rotated, used, deadline, idle = struct.unpack('>I6I6I6I5', record, 11)
if now >= deadline or now >= used + idle then
  return {0, now}
end
local seen, severed = flags >= SEEN, flags % SEEN >= SEVERED

-- Of the record and not of the caller, who may have read it before it was bound.
local tail = ARGV[5]
if string.byte(record, 66) == BINDING then
  tail = string.sub(record, 66, 68 + struct.unpack('>I2', record, 67)) .. tail
end

if generation == expected + 1 and severed and not seen
    and string.sub(record, 34, 39) == ARGV[4] and string.sub(record, 66) == tail then
  return {4, now, record}
end
if generation ~= expected then
  return {2, now}
end
if generation == LAST then
  return {3, now}
end
-- A browser that knows nothing of the step-up yet still sends the current generation, and what is
-- under way now was sent with those before it: that is no sign of a thief.
local excused = 1
if not seen or now < rotated + tonumber(ARGV[6]) then
  excused = math.min(ALL, (severed and math.floor(flags % SEVERED / EXCUSED) or 1) + 1)
end
record = string.sub(record, 1, 1)
  .. struct.pack('>BI2', ARGV[3] + SEVERED + excused * EXCUSED, generation + 1)
  .. string.sub(record, 5, 10) .. struct.pack('>I6I6', now, now) .. string.sub(record, 23, 33)
  .. ARGV[4] .. string.sub(record, 40, 65) .. tail
redis.call('SET', KEYS[1], record, 'PX', math.min(idle, deadline - now))
tell(MOVED, KEYS[1])
return {4, now, record}
