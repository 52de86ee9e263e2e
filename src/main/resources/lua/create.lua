-- Creates a session, ends the one it replaces, and keeps the subject's limit, in one step.
--
-- Uses the keys of the subject's other sessions without naming them: they share the hash tag.
-- Reads all before it writes anything, so that a wrong type or an unreadable record changes nothing.
--
-- KEYS[1]  the record's key, s{lane}, the bucket's low byte and the session's name
-- KEYS[2]  the subject's index, u{lane}, the bucket's low byte and the hash; member: a session's name, score: the second by
--          which its absolute deadline has passed
-- KEYS[3]  the lane's marks, m{lane}
-- ARGV[1]  0 for this server's clock; in tests the instant to take for now, in ms
-- ARGV[2]  the session's name, 8 bytes
-- ARGV[3]  the record, its four times still zero
-- ARGV[4]  the idle timeout, ms
-- ARGV[5]  the absolute timeout, ms
-- ARGV[6]  how many live sessions the subject may have
-- ARGV[7]  what happens to one too many: 0 reject, 1 evict the oldest, 2 evict the least used
-- ARGV[8]  the name of the session that this one replaces, or empty
-- ARGV[9]  the last millisecond whose sessions are over by a mark on the tenant or on everything
-- ARGV[10] the latest mark on any tenant or on everything, ms
-- Reply    {0, now}: the name is taken; {1, now}: the limit is reached and nothing was changed;
--          {2, now, issued, name...}: created, and the names of the sessions that were evicted; the
--          same with the first call's times and no names where an earlier delivery of this call
--          created it

local LIVE, TOMBSTONE = 0x10, 0x11
local REPLACED, EVICTED = 2, 3

local now = tonumber(ARGV[1])
if now == 0 then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end
local prefix = string.sub(KEYS[1], 1, 6)
local idle, absolute, max = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local replaced = ARGV[8]

local there = redis.call('GET', KEYS[1])
if there then
  -- The client library repeats a call whose reply was lost; the seed tells its own session.
  if string.byte(there, 1) == LIVE and string.sub(there, 40, 55) == string.sub(ARGV[3], 40, 55) then
    return {2, struct.unpack('>I6', there, 23) - absolute, (struct.unpack('>I6', there, 5))}
  end
  return {0, now}
end

-- What is issued after a mark is good, also in the mark's own millisecond.
local mark = redis.call('HGET', KEYS[3], string.sub(KEYS[2], 6))
local over = math.max(tonumber(ARGV[9]), mark and struct.unpack('>I6', mark) or 0)
local since = math.max(now, over + 1, ARGV[10] + 1)

-- The live session of a name, or nil.
local function session(name)
  local record = redis.call('GET', prefix .. name)
  local kind = record and string.byte(record, 1)
  if not kind or kind == TOMBSTONE then
    return nil
  end
  if kind ~= LIVE then
    error('UNREADABLE record of the subject')
  end
  local issued, _, seen, deadline, unused = struct.unpack('>I6I6I6I6I5', record, 5)
  if now >= deadline or now >= seen + unused or issued <= over then
    return nil
  end
  return {name = name, issued = issued, seen = seen, deadline = deadline}
end

local ending, evicted, gone = {}, {}, {}
if replaced ~= '' then
  local old = session(replaced)
  if old then
    old.reason = REPLACED
    ending[1] = old
  else
    gone[1] = replaced
  end
end

if redis.call('ZCARD', KEYS[2]) >= max then
  local live = {}
  for _, name in ipairs(redis.call('ZRANGE', KEYS[2], 0, -1)) do
    if name ~= replaced then
      local one = session(name)
      if one then
        live[#live + 1] = one
      else
        gone[#gone + 1] = name
      end
    end
  end
  local excess = #live + 1 - max
  if excess > 0 then
    if ARGV[7] == '0' then
      return {1, now}
    end
    local field = ARGV[7] == '1' and 'issued' or 'seen'
    table.sort(live, function(a, b)
      if a[field] ~= b[field] then
        return a[field] < b[field]
      elseif a.issued ~= b.issued then
        return a.issued < b.issued
      end
      return a.name < b.name
    end)
    for i = 1, excess do
      live[i].reason = EVICTED
      ending[#ending + 1] = live[i]
      evicted[i] = live[i].name
    end
  end
end

for _, old in ipairs(ending) do
  -- A full server refuses SET as a script's first write, but not after ZREM.
  redis.call('ZREM', KEYS[2], old.name)
  redis.call('SET', prefix .. old.name, struct.pack('>BBI6', TOMBSTONE, old.reason, now),
    'PX', old.deadline - now)
  tellEnd(prefix .. old.name, old.deadline, old.reason)
end
for _, name in ipairs(gone) do
  redis.call('ZREM', KEYS[2], name)
end

local deadline = now + absolute
redis.call('SET', KEYS[1],
  string.sub(ARGV[3], 1, 4) .. struct.pack('>I6I6I6I6', since, now, now, deadline)
    .. string.sub(ARGV[3], 29),
  'PX', math.min(idle, absolute))
redis.call('ZADD', KEYS[2], math.ceil(deadline / 1000), ARGV[2])
local last = redis.call('ZRANGE', KEYS[2], -1, -1, 'WITHSCORES')
redis.call('PEXPIRE', KEYS[2], last[2] * 1000 - now)
return {2, now, since, unpack(evicted)}
