-- Sets a not-before mark: what its scope covers and was issued then or before is over.
-- Marks merge by maximum, so that repeating one does nothing.
--
-- KEYS[1]  the lane's marks, m{lane}
-- KEYS[2]  their version, m{lane}v
-- KEYS[3]  for a subject its index, u{lane}, the bucket's low byte and the hash
-- ARGV[1]  0 for this server's clock; in tests the instant to take for now, in ms
-- ARGV[2]  the field: of a subject the bucket's low byte and the hash; of a tenant its length and name, of all 0
-- ARGV[3]  not before, ms; 0 for now
-- ARGV[4]  until when it counts, ms; for a mark of now, or with its sign turned, how long, ms, unless a session lasts
--          longer
-- ARGV[5]  the reason's code
-- ARGV[6]  8 random bytes, the new version
-- ARGV[7]  the latest mark on a tenant or on everything, ms; what began since was issued after it
-- Reply    {whether it changed, now, not before, until}

local now = tonumber(ARGV[1])
if now == 0 then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end
local index = #KEYS > 4 and KEYS[3]
local mark, ends, reason = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])

local known = redis.call('HGET', KEYS[1], ARGV[2])
local before, lasts, why = 0, 0, -1
if known then
  before, lasts, why = struct.unpack('>I6I6B', known)
end
if mark == 0 or ends < 0 then
  local last = index and redis.call('ZRANGE', index, -1, -1, 'WITHSCORES') or {}
  ends = math.max(now + math.abs(ends), (last[2] or 0) * 1000)
end
if mark == 0 then
  -- What began after a mark was issued a millisecond after it, if need be ahead of time.
  mark = math.max(now, before + 1, ARGV[7] + 1)
end
if mark < before then
  mark, reason = before, why
elseif mark == before then
  reason = math.max(reason, why)
end
ends = math.max(ends, lasts)
if mark == before and ends == lasts and reason == why then
  return {0, now, mark, ends}
end

local lasting = math.max(redis.call('PTTL', KEYS[1]), ends - now, 1)
local value = struct.pack('>I6I6B', mark, ends, reason)
-- A full server refuses HSET as a script's first write, but not after PEXPIRE.
redis.call('PEXPIRE', KEYS[1], lasting)
local some = redis.call('HRANDFIELD', KEYS[1], 8, 'WITHVALUES')
for i = 1, #some, 2 do
  if select(2, struct.unpack('>I6I6', some[i + 1])) < now then
    redis.call('HDEL', KEYS[1], some[i])
  end
end
redis.call('HSET', KEYS[1], ARGV[2], value)
redis.call('PEXPIRE', KEYS[1], lasting)
redis.call('SET', KEYS[2], ARGV[6], 'PX', lasting)
tell(index and SUBJECT or WIDE, string.sub(KEYS[1], 1, 5) .. ARGV[2], value)
return {1, now, mark, ends}
