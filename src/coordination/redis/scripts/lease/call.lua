-- lease/call.lua: one call about leases: the request, the epoch, the clock. Begins both scripts, acts and asks.
-- KEYS meta, leases, index, waiters, outbox. ARGV epoch, instance, beginning of the locks' own keys, channel, silent ms, ms of a
-- usual lease, latest change that the instance knows of this epoch, changes an epoch, '1' when tried again, the request as JSON
-- (acts: a list of them, and behind it what plain says).
-- leases: hash path -> lease as JSON, also of one that ran out (so that its holder can be told). index: path by expiry.
-- outbox: changes of holders by number, until the database has them.
-- The lock itself is the key that the guide shows; it alone says whether a path is held, whichever client put
-- or deleted it. Time is Redis TIME, in ms. Any client may write to Redis: what stands there is believed only
-- where it can be ours.
-- Gives: META, LEASES, INDEX, WAITERS, OUTBOX, INSTANCE, CHANNEL, SILENT_MS, USUAL_MS, LONGEST_MS, LATEST_MS, DONE_MS, req,
-- time_now, now, recover_until, junk, int, lock_key, within, above_epoch, NEXT_EPOCH, changes, found_junk.
local META, LEASES, INDEX, WAITERS, OUTBOX = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local EPOCH, INSTANCE, LOCK_PREFIX, CHANNEL = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local SILENT_MS, USUAL_MS, EPOCH_WIDTH = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[8])
local req = not ARGV[11] and cjson.decode(ARGV[10]) or nil
local meta = redis.call('HMGET', META, 'epoch', 'recover_until', 'change')
if meta[1] ~= EPOCH then return redis.error_reply('EPOCH another epoch began') end

-- The number of the last change. One that is no number, is behind what an instance has seen or near the epoch's end would give
-- a fencing token twice, or one of the next epoch: then nothing is done until the database has given a new epoch.
local CHANGES_IN_RESERVE = 1048576
local changes = not meta[3] and 0 or string.match(meta[3], '^%d+$') and tonumber(meta[3])
if not changes or changes < tonumber(ARGV[7]) or changes > EPOCH_WIDTH - CHANGES_IN_RESERVE then
  redis.call('HDEL', META, 'server')
  redis.call('HSET', META, 'change', '-')
  return redis.error_reply('EPOCH the counter of changes cannot be believed')
end

local function time_now()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end
local now = time_now()
local function int(number) return string.format('%.0f', number) end
local function lock_key(path) return LOCK_PREFIX .. path end
-- A number that grows for ever: an epoch's begin above all of the one before.
local function above_epoch(count) return tonumber(EPOCH) * EPOCH_WIDTH + count end
local NEXT_EPOCH = above_epoch(EPOCH_WIDTH)
local function within(value, least, most) return type(value) == 'number' and value >= least and value <= most end

-- No lease may be longer; a time beyond the latest date has no text.
local LONGEST_MS, LATEST_MS = 86400000, 8.64e15
-- One that cannot be read has no end in sight: the instance asks the database how long leases from before may live.
local recover_until = meta[2] and tonumber(meta[2]) or meta[2] or 0
if recover_until ~= 0 and not within(recover_until, 0, LATEST_MS) then recover_until = now + LONGEST_MS end

-- What could not be read, and where: part of the next answer.
local junk = nil
local function found_junk(place)
  junk = junk or {}
  junk[place] = (junk[place] or 0) + 1
end

-- So long a retry after a lost answer finds that answer.
local DONE_MS = 3000
