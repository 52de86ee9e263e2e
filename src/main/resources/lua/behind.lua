-- Writes anything, so that there is something to wait for.
--
-- KEYS[1]  a key of its own, in the slot of what is waited for
-- ARGV[1]  how long it lasts, ms

-- A full server refuses SET as a script's first write, but not after PEXPIRE.
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return redis.call('SET', KEYS[1], '1', 'PX', ARGV[1])
