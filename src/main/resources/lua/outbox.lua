-- Takes or keeps the right to tell a receiver, and notes how far it was told.
--
-- KEYS[1]  how far the receiver was told, o{**}= and its name
-- KEYS[2]  what it refused, o{**}dead= and its name
-- ARGV[1]  the node that asks
-- ARGV[2]  how long others keep off, in ms; 0 gives the right up
-- ARGV[3]  the entry of the audit stream that it was told last, or empty
-- ARGV[4]  what it refused of that entry, or empty
-- ARGV[5]  how many refused ones are kept
-- Reply    1 and the entry told last (empty for none ever); 0 where another node tells it; 2 where
--          there is no room for what it refused, and nothing was noted

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local holder = redis.call('HGET', KEYS[1], 'holder')
local held = tonumber(redis.call('HGET', KEYS[1], 'held_until') or '0')
if holder and holder ~= ARGV[1] and now < held then
  return {0, ''}
end
if ARGV[4] ~= '' then
  if #redis.call('HGETALL', KEYS[2]) / 2 >= tonumber(ARGV[5]) then
    return {2, ''}
  end
  redis.call('HSET', KEYS[2], ARGV[3], ARGV[4])
end
redis.call('HSET', KEYS[1], 'holder', ARGV[1], 'held_until', string.format('%.0f', now + ARGV[2]))
if ARGV[3] ~= '' then
  redis.call('HSET', KEYS[1], 'told', ARGV[3])
end
return {1, redis.call('HGET', KEYS[1], 'told') or ''}
