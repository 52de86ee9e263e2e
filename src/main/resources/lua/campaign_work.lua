-- Takes or keeps the right to work on a campaign, and notes how far it has come.
--
-- KEYS[1]  the campaign's record, c{**}= and its name
-- ARGV[1]  the node that asks
-- ARGV[2]  how long others keep off, in ms
-- ARGV[3]  the progress, or empty
-- Reply    the state; empty where another node works on it, or there is no such campaign

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local state = redis.call('HGET', KEYS[1], 'state')
local holder = redis.call('HGET', KEYS[1], 'holder')
local held = tonumber(redis.call('HGET', KEYS[1], 'held_until') or '0')
if not state or (holder and holder ~= ARGV[1] and now < held) then
  return ''
end
redis.call('HSET', KEYS[1], 'holder', ARGV[1], 'held_until', string.format('%.0f', now + ARGV[2]))
if ARGV[3] ~= '' then
  redis.call('HSET', KEYS[1], 'progress', ARGV[3])
end
return state
