-- Stands before every script that changes what another node may remember; see there for its KEYS,
-- which the lane's counter and log come after. They are named, for while a Cluster moves a slot a script
-- may be run where only some of its keys are, and what it does with one that it did not name then fails
-- in its middle, or makes a second one.
-- tell() counts the lane up, appends to its log and publishes, in the script's own step. What must
-- hold even where the log is damaged has to be written before it.
--
-- KEYS[#KEYS - 1]  q{lane}, how many changes the lane has had
-- KEYS[#KEYS]      l{lane}, the last thousand and some of them; each has its number for an ID, and one field
-- Channel  changes: the lane's two characters, the number (6 bytes), the change
-- A change is its kind (1 byte), the bucket's low byte and the session's name (8), the microsecond
-- (7), and for an end the absolute deadline in ms (6) and the reason's code (1). A mark has its
-- scope in the name's place, as mark.lua has it for a field, and its value at the end. Of a fence (kind
-- 5) the kind and the microsecond alone. Of several ends (kind 6) the kind, the microsecond and the reason,
-- and of each the low byte, the name and the deadline.

local MOVED, ENDED, SUBJECT, WIDE, EACH = 1, 2, 3, 4, 6
local KEPT = 1000

local function tell(kind, key, rest)
  local tag = string.sub(key, 2, 5)
  local time = redis.call('TIME')
  local change = struct.pack('>B', kind) .. string.sub(key, 6)
    .. struct.pack('>I7', time[1] * 1000000 + time[2]) .. (rest or '')
  local number = redis.call('INCR', KEYS[#KEYS - 1])
  redis.call('XADD', KEYS[#KEYS], 'MAXLEN', '~', KEPT, string.format('%.0f-0', number), 'c', change)
  redis.call('PUBLISH', 'changes', string.sub(tag, 2, 3) .. struct.pack('>I6', number) .. change)
end

-- One of the ends, all of one lane, that tellEnds() tells of at once.
local function oneEnd(key, deadline)
  return string.sub(key, 6) .. struct.pack('>I6', deadline)
end

local function tellEnds(key, ends, reason)
  if #ends > 0 then
    tell(EACH, string.sub(key, 1, 5), struct.pack('>B', reason) .. table.concat(ends))
  end
end

local function tellEnd(key, deadline, reason)
  tell(ENDED, key, struct.pack('>I6B', deadline, reason))
end

