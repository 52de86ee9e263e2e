-- Ends a batch of a subject's sessions, all or all but one; see revoke.lua.
-- Uses the sessions' keys without naming them: they share the index's hash tag.
--
-- KEYS[1]  the subject's index, u{bucket}hash
-- ARGV[1]  0 for this server's clock; in tests the instant to take for now, in ms
-- ARGV[2]  the reason's code
-- ARGV[3]  the name of the session that is kept, or empty
-- ARGV[4]  how many to end at most
-- Reply    {how many live sessions were ended, how many are left to end}

local LIVE, TOMBSTONE = 0x10, 0x11

local now = tonumber(ARGV[1])
if now == 0 then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end
local prefix = 's' .. string.sub(KEYS[1], 2, 6)
local tombstone = struct.pack('>BBI6', TOMBSTONE, tonumber(ARGV[2]), now)
local batch = tonumber(ARGV[4])

local names, records = {}, {}
for _, name in ipairs(redis.call('ZRANGE', KEYS[1], 0, batch)) do
  if name ~= ARGV[3] and #names < batch then
    names[#names + 1] = name
    records[#names] = redis.call('GET', prefix .. name)
  end
end

local ended = 0
for i, name in ipairs(names) do
  local record, key = records[i], prefix .. name
  -- A full server refuses SET as a script's first write, but not after ZREM.
  redis.call('ZREM', KEYS[1], name)
  local kind = record and string.byte(record, 1)
  if kind and kind ~= TOMBSTONE then
    if kind ~= LIVE or #record < 33 then
      redis.call('SET', key, tombstone, 'KEEPTTL')
      ended = ended + 1
    else
      local seen, deadline, idle = struct.unpack('>I6I6I5', record, 17)
      if now < deadline and now < seen + idle then
        redis.call('SET', key, tombstone, 'PX', deadline - now)
        ended = ended + 1
      end
    end
  end
end

local left = redis.call('ZCARD', KEYS[1])
if ARGV[3] ~= '' and redis.call('ZSCORE', KEYS[1], ARGV[3]) then
  left = left - 1
end
return {ended, left}
