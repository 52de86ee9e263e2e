-- Writes a fence again that a failover has lost, unless there is a later revision of it; or forgets
-- one that is outlived.
--
-- KEYS[1]  c{**}, the fences by name; see campaign.lua
-- ARGV[1]  the campaign's name
-- ARGV[2]  the fence's revision
-- ARGV[3]  the fence, or empty to forget it
-- Reply    1 where anything was written, else 0

local FENCED = 5

local there = redis.call('HGET', KEYS[1], ARGV[1])
local revision = there and tonumber(string.match(there, '^(%d+)')) or 0
if ARGV[3] == '' then
  if not there or revision > tonumber(ARGV[2]) then
    return 0
  end
  redis.call('HDEL', KEYS[1], ARGV[1])
else
  if revision >= tonumber(ARGV[2]) then
    return 0
  end
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
end
tell(FENCED, KEYS[1])
return 1
