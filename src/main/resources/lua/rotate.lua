-- Judges a presented generation and rotates: the one state machine of a session's ID.
-- The caller has verified the presented secret, whose seed never changes. Delivering a call twice
-- does what delivering it once does: an issue repeated finds its successor unseen and reissues it.
--
-- KEYS[1]  the record's key, s{lane}, the bucket's low byte and the session's name
-- KEYS[2]  the subject's index, u{lane}, the bucket's low byte and the hash
-- ARGV[1]  0 for this server's clock; in tests the instant to take for now, in ms
-- ARGV[2]  the session's name, 8 bytes
-- ARGV[3]  the presented generation
-- ARGV[4]  the presented ID's key ID
-- ARGV[5]  0 judge and confirm only, 1 rotate what is older than the age, 2 rotate what may be
-- ARGV[6]  the age, ms
-- ARGV[7]  the overlap, ms
-- ARGV[8]  the key ID for a new generation
-- ARGV[9]  what happens on reuse: 0 nothing, 1 the session ends
-- ARGV[10] the code of the reason in the tombstone
-- Reply    {0, now} absent or expired; {1, now, tombstone}; else {outcome, now, record}: 2 current,
--          3 current and confirmed by this first sight, 4 successor issued, 5 its predecessor
--          presented again before it was seen, 6 its predecessor within the overlap, 7 a newer one
--          than the store knew, 8 one that a step-up had just replaced, 9 reuse (the record as it
--          was before)

local LIVE, TOMBSTONE = 0x10, 0x11
local SEEN, SEVERED, EXCUSED, ALL = 0x80, 0x40, 0x10, 3
local LAST = 65535

local now = tonumber(ARGV[1])
if now == 0 then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end
local presented, ask = tonumber(ARGV[3]), tonumber(ARGV[5])
local age, overlap = tonumber(ARGV[6]), tonumber(ARGV[7])

local record = redis.call('GET', KEYS[1])
local kind = record and string.byte(record, 1)
if not kind then
  return {0, now}
end
if kind == TOMBSTONE then
  return {1, now, record}
end
if kind ~= LIVE or #record < 65 then
  error('UNREADABLE record')
end
local flags, generation = struct.unpack('>BI2', record, 2)
local rotated, used, deadline, idle = struct.unpack('>I6I6I6I5', record, 11)
if now >= deadline or now >= used + idle then
  return {0, now}
end
local seen, severed = flags >= SEEN, flags % SEEN >= SEVERED

-- Writes the ID's state; a write is a use. The absolute deadline stays what it is.
local function put(newFlags, newGeneration)
  local head = struct.pack('>BI2', newFlags, newGeneration)
    .. string.sub(record, 5, 10) .. struct.pack('>I6I6', now, now)
  -- A full server refuses SETRANGE as a script's first write, but not after PEXPIRE.
  redis.call('PEXPIRE', KEYS[1], math.min(idle, deadline - now))
  redis.call('SETRANGE', KEYS[1], 1, head)
  record = string.sub(record, 1, 1) .. head .. string.sub(record, 23)
  tell(MOVED, KEYS[1])
end

if presented > generation then
  put(SEEN + ARGV[4], presented)
  return {7, now, record}
end

-- Requests sent with earlier IDs may still be under way.
local isFresh = not seen or now < rotated + overlap

if presented == generation then
  -- The first generation has no predecessor, so nothing of it is under way.
  local settled = generation == 0 or seen and not isFresh
  local due = ask == 2 or ask == 1 and now >= rotated + age
  if settled and due and generation < LAST then
    put(tonumber(ARGV[8]), generation + 1)
    return {4, now, record}
  end
  if not seen then
    -- The successor may have gone out again under another key, its own having been retired.
    put(SEEN + flags - flags % 16 + ARGV[4], generation)
    return {3, now, record}
  end
  return {2, now, record}
end

if severed then
  local excused = math.floor(flags % SEVERED / EXCUSED)
  if isFresh and (excused == ALL or presented >= generation - excused) then
    return {8, now, record}
  end
elseif presented == generation - 1 and isFresh then
  return {seen and 6 or 5, now, record}
end

if ARGV[9] == '1' then
  -- A full server refuses SET as a script's first write, but not after ZREM.
  redis.call('ZREM', KEYS[2], ARGV[2])
  redis.call('SET', KEYS[1], struct.pack('>BBI6', TOMBSTONE, tonumber(ARGV[10]), now),
    'PX', deadline - now)
  tellEnd(KEYS[1], deadline, tonumber(ARGV[10]))
end
return {9, now, record}
