-- Tries every command that the other scripts use, so that a missing permission shows at start.
-- What it writes is gone within a second and is nobody's session.
--
-- KEYS[1]  a key like a record's, s{bucket}check
-- KEYS[2]  a key like an index's, u{bucket}check
-- Reply    1

redis.call('TIME')
redis.call('EXISTS', KEYS[1])
redis.call('SET', KEYS[1], 'check', 'PX', 1000)
redis.call('GET', KEYS[1])
redis.call('GETRANGE', KEYS[1], 0, 0)
redis.call('SETRANGE', KEYS[1], 0, 'C')
redis.call('ZADD', KEYS[2], 1, 'check')
redis.call('PEXPIRE', KEYS[2], 1000)
redis.call('ZCARD', KEYS[2])
redis.call('ZSCORE', KEYS[2], 'check')
redis.call('ZRANGE', KEYS[2], 0, -1)
redis.call('ZREM', KEYS[2], 'check')
return 1
