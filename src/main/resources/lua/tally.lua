-- Adds to an hour's count of requests that enforcing refuses, or would.
--
-- KEYS[1]  the hour's counts of requests, by tenant and signal
-- KEYS[2]  the hour's sessions of this tenant and signal, a HyperLogLog
-- ARGV[1]  tenant and signal
-- ARGV[2]  how many requests
-- ARGV[3]  how long both are kept, ms
-- ARGV[4]  and on: the sessions' names
-- Reply    1

redis.call('HINCRBY', KEYS[1], ARGV[1], ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
redis.call('PFADD', KEYS[2], unpack(ARGV, 4))
redis.call('PEXPIRE', KEYS[2], ARGV[3])
return 1
