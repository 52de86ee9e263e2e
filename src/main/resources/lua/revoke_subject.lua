-- Ends a batch of a subject's sessions, all or all but one; see revoke.lua.
-- Uses the sessions' keys without naming them: they share the index's hash tag.
--
-- KEYS[1]  the subject's index, u{lane}, the bucket's low byte and the hash
-- ARGV[1]  0 for this server's clock; in tests the instant to take for now, in ms
-- ARGV[2]  the reason's code
-- ARGV[3]  the name of the session that is kept, or empty
-- ARGV[4]  how many to look at, at most
-- ARGV[5]  how many of the index, which have been looked at and are kept, to pass over
-- ARGV[6]  not before, ms: sessions that were issued later are kept; 0 where none is
-- Reply    {how many live sessions were ended, how many to pass over next, how many of the index are
--          left to look at, name, absolute deadline, name...}; no names where there is a mark, which
--          was told of and covers them

local LIVE, TOMBSTONE = 0x10, 0x11
local TOLD = 64

local now = tonumber(ARGV[1])
if now == 0 then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end
local prefix = 's' .. string.sub(KEYS[1], 2, 6)
local reason = tonumber(ARGV[2])
local tombstone = struct.pack('>BBI6', TOMBSTONE, reason, now)
local pass, mark = tonumber(ARGV[5]), tonumber(ARGV[6])

local names = redis.call('ZRANGE', KEYS[1], pass, pass + ARGV[4] - 1)
local records = {}
for i, name in ipairs(names) do
  records[i] = redis.call('GET', prefix .. name)
end

local reply, told = {0, pass, 0}, {}
for i, name in ipairs(names) do
  local record, key = records[i], prefix .. name
  local kind = record and string.byte(record, 1)
  local issued, seen, deadline, idle, _ = 0, 0, 0, 0
  if kind == LIVE and #record >= 33 then
    issued, _, seen, deadline, idle = struct.unpack('>I6I6I6I6I5', record, 5)
  end
  if name == ARGV[3] or mark > 0 and issued > mark then
    reply[2] = reply[2] + 1
  else
    -- A full server refuses SET as a script's first write, but not after ZREM.
    redis.call('ZREM', KEYS[1], name)
    if kind and kind ~= TOMBSTONE and (deadline == 0 or now < deadline and now < seen + idle) then
      if deadline == 0 then
        redis.call('SET', key, tombstone, 'KEEPTTL')
        deadline = now + math.max(redis.call('PTTL', key), 0)
      else
        redis.call('SET', key, tombstone, 'PX', deadline - now)
      end
      reply[1] = reply[1] + 1
      if mark == 0 then
        told[#told + 1] = oneEnd(key, deadline)
        if #told == TOLD then
          tellEnds(KEYS[1], told, reason)
          told = {}
        end
        reply[#reply + 1] = name
        reply[#reply + 1] = deadline
      end
    end
  end
end
tellEnds(KEYS[1], told, reason)
reply[3] = redis.call('ZCARD', KEYS[1]) - reply[2]
return reply
