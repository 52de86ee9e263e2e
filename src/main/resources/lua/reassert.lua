-- Ends sessions of one lane that are known to have been ended and are live again, as after a
-- failover that lost it. Of an absent session nothing is made. Their places in an index stay; what
-- reads one passes over them.
--
-- KEYS     the records' keys, s{lane}, the bucket's low byte and the session's name
-- ARGV[1]  0 for this server's clock; in tests the instant to take for now, in ms
-- ARGV[2..] for each record the reason's code
-- Reply    how many were live

local LIVE, TOMBSTONE = 0x10, 0x11

local now = tonumber(ARGV[1])
if now == 0 then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end

local ended = 0
for i = 1, #ARGV - 1 do
  local key = KEYS[i]
  local head = redis.call('GETRANGE', key, 0, 32)
  local kind, reason = string.byte(head, 1), tonumber(ARGV[i + 1])
  if kind and kind ~= TOMBSTONE then
    local tombstone = struct.pack('>BBI6', TOMBSTONE, reason, now)
    local deadline = kind == LIVE and #head == 33 and struct.unpack('>I6', head, 23) or 0
    -- A full server refuses SET as a script's first write, but not after PEXPIRE.
    if deadline == 0 then
      deadline = now + math.max(redis.call('PTTL', key), 1)
    end
    if now < deadline then
      redis.call('PEXPIRE', key, deadline - now)
      redis.call('SET', key, tombstone, 'PX', deadline - now)
      tellEnd(key, deadline, reason)
      ended = ended + 1
    end
  end
end
return ended
