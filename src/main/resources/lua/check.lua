-- Tries every command that the other scripts use, so that a missing permission shows at start.
-- What it writes is gone within a second and is nobody's session.
--
-- KEYS[1]  a key like a record's, s{lane}check
-- KEYS[2]  a key like an index's, u{lane}check
-- KEYS[3]  a key like a lane's counter, q{lane}check
-- KEYS[4]  a key like a lane's log, l{lane}check
-- KEYS[5]  a key like a lane's marks, m{lane}check
-- KEYS[6]  a key like a campaign's, c{lane}check
-- Reply    1

redis.call('TIME')
redis.call('EXISTS', KEYS[1])
redis.call('SET', KEYS[1], 'check', 'PX', 1000)
redis.call('GET', KEYS[1])
redis.call('GETRANGE', KEYS[1], 0, 0)
redis.call('SETRANGE', KEYS[1], 0, 'C')
redis.call('ZADD', KEYS[2], 1, 'check')
redis.call('PEXPIRE', KEYS[2], 1000)
redis.call('PTTL', KEYS[2])
redis.call('ZCARD', KEYS[2])
redis.call('ZSCORE', KEYS[2], 'check')
redis.call('ZRANGE', KEYS[2], 0, -1)
redis.call('ZREM', KEYS[2], 'check')
redis.call('INCR', KEYS[3])
redis.call('PEXPIRE', KEYS[3], 1000)
redis.call('MGET', KEYS[1], KEYS[3])
redis.call('XADD', KEYS[4], 'MAXLEN', '~', 1, '*', 'c', 'check')
redis.call('PEXPIRE', KEYS[4], 1000)
redis.call('XRANGE', KEYS[4], '-', '+', 'COUNT', 1)
redis.call('HSET', KEYS[5], 'check', 'check')
redis.call('PEXPIRE', KEYS[5], 1000)
redis.call('HGET', KEYS[5], 'check')
redis.call('HGETALL', KEYS[5])
redis.call('HRANDFIELD', KEYS[5], 1)
redis.call('HDEL', KEYS[5], 'check')
redis.call('HSET', KEYS[6], 'check', 'check')
redis.call('PEXPIRE', KEYS[6], 1000)
redis.call('PUBLISH', 'changes', '')
return 1
