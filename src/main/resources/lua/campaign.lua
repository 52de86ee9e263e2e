-- Writes the next revision of a campaign, and its fence with it where one is raised or lifted.
--
-- KEYS[1]  the campaign's record, c{**}= and its name
-- KEYS[2]  c{**}list, all names by when they were planned, in ms; those whose records are gone leave it
-- KEYS[3]  c{**}work, the names of those that a node has to work on
-- KEYS[4]  c{**}, the fences by name: revision, fenced at in ms, until in ms, 1 if lifted, terms, selection
-- ARGV[1]  the campaign's name
-- ARGV[2]  its next revision
-- ARGV[3]  1 where a node has to work on it, else 0
-- ARGV[4]  fence, lift, or empty
-- ARGV[5]  how long a session that is fenced now may yet live, in ms
-- ARGV[6]  how long the record is kept, in ms
-- ARGV[7]  and so on: fields and values in turn; the selection is one of them
-- Reply    1, or 0 where the store does not have the revision before

local FENCED = 5

local revision = tonumber(ARGV[2])
if tonumber(redis.call('HGET', KEYS[1], 'revision') or '0') ~= revision - 1 then
  return 0
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

-- The fence first: one without its record holds, a record without its fence would promise it.
if ARGV[4] == 'fence' then
  local fence = string.format('%d\t%.0f\t%.0f\t0\t', revision, now, now + ARGV[5])
    .. (redis.call('HGET', KEYS[1], 'terms') or '') .. redis.call('HGET', KEYS[1], 'selection')
  redis.call('HSET', KEYS[4], ARGV[1], fence)
  redis.call('HSET', KEYS[1], 'fenced_at', string.format('%.0f', now))
elseif ARGV[4] == 'lift' then
  local fence = redis.call('HGET', KEYS[4], ARGV[1])
  if fence then
    local times, selection = string.match(fence, '^%d+\t(%d+\t%d+)\t%d\t(.*)$')
    redis.call('HSET', KEYS[4], ARGV[1], string.format('%d\t%s\t1\t%s', revision, times, selection))
  end
end
redis.call('HSET', KEYS[1], 'revision', ARGV[2], unpack(ARGV, 7))
redis.call('PEXPIRE', KEYS[1], ARGV[6])
if revision == 1 then
  redis.call('ZADD', KEYS[2], now, ARGV[1])
  -- A record that was written later than planned lives longer than its name is old.
  local prefix = string.sub(KEYS[1], 1, -#ARGV[1] - 1)
  local before = string.format('%.0f', now - ARGV[6])
  for _, name in ipairs(redis.call('ZRANGE', KEYS[2], '-inf', before, 'BYSCORE', 'LIMIT', 0, 100)) do
    if redis.call('EXISTS', prefix .. name) == 0 then
      redis.call('ZREM', KEYS[2], name)
    end
  end
end
if ARGV[3] == '1' then
  redis.call('ZADD', KEYS[3], now, ARGV[1])
else
  redis.call('ZREM', KEYS[3], ARGV[1])
end
if ARGV[4] ~= '' then
  tell(FENCED, KEYS[4])
end
return 1
