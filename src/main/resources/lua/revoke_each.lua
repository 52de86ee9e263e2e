-- Ends some sessions of one lane, each as revoke.lua does, and tells of them at once.
--
-- KEYS     of each session its record's key and its subject's index, as revoke.lua has them
-- ARGV[1]  0 for this server's clock; in tests the instant to take for now, in ms
-- ARGV[2]  the reason's code
-- ARGV[3]  the first session's name, 8 bytes; the others' follow
-- Reply    {how many live ones were ended, of each its absolute deadline, 0 where it is absent}

local LIVE, TOMBSTONE = 0x10, 0x11

local now = tonumber(ARGV[1])
if now == 0 then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end

-- What may fail comes before the first write: no session ends untold.
local records, left = {}, {}
for i = 1, #ARGV - 2 do
  local key = KEYS[2 * i - 1]
  records[key] = redis.call('GET', key)
  left[key] = records[key] and math.max(redis.call('PTTL', key), 0)
end
for i = 1, #ARGV - 2 do
  -- What is no index keeps no session alive. As in revoke.lua it comes before SET.
  redis.pcall('ZREM', KEYS[2 * i], ARGV[2 + i])
end

local reason = tonumber(ARGV[2])
local tombstone = struct.pack('>BBI6', TOMBSTONE, reason, now)
local reply, told = {0}, {}

local function finish(key, ends)
  records[key], left[key] = tombstone, ends - now
  reply[1] = reply[1] + 1
  told[#told + 1] = oneEnd(key, ends)
end

for i = 1, #ARGV - 2 do
  local key = KEYS[2 * i - 1]
  local record = records[key]
  local kind = record and string.byte(record, 1)
  local ends = 0
  if kind == TOMBSTONE then
    ends = now + left[key]
  elseif kind and (kind ~= LIVE or #record < 33) then
    -- Its deadline can't be read, but whoever asks for its end gets it.
    ends = now + left[key]
    redis.call('SET', key, tombstone, 'KEEPTTL')
    finish(key, ends)
  elseif kind then
    local seen, deadline, idle = struct.unpack('>I6I6I5', record, 17)
    if now < deadline and now < seen + idle then
      ends = deadline
      redis.call('SET', key, tombstone, 'PX', deadline - now)
      finish(key, ends)
    end
  end
  reply[1 + i] = ends
end
tellEnds(KEYS[1], told, reason)
return reply
