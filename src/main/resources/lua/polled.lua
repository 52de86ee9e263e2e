-- Notes that a receiver who asks has done with all up to an entry, unless somebody noted more.
--
-- KEYS[1]  how far the receiver was told, o{**}= and its name
-- KEYS[2]  the entries beyond that it has done with, o{**}taken= and its name
-- ARGV[1]  how far it was told when that was looked at
-- ARGV[2]  how far it is told now
-- ARGV[3]  an entry up to there; the others' follow
-- Reply    1 where it is noted, else 0

if redis.call('HGET', KEYS[1], 'told') ~= ARGV[1] then
  return 0
end
redis.call('HSET', KEYS[1], 'told', ARGV[2])
for i = 3, #ARGV do
  redis.call('HDEL', KEYS[2], ARGV[i])
end
return 1
