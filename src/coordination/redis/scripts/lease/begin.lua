-- Begins every script on leases. KEYS meta, leases, index, waiters, outbox. ARGV epoch, instance, beginning of the locks' own
-- keys, channel, silent ms, '1' when tried again, the request as JSON (or a list of them: act).
-- leases: hash path -> lease as JSON, also of one that ran out (so that its holder can be told). index: path by expiry.
-- outbox: changes of holders by number, until the database has them.
-- The lock itself is the key that the guide shows; it alone says whether a path is held, whoever put or deleted it.
-- Time is Redis TIME, in ms.
local META, LEASES, INDEX, WAITERS, OUTBOX = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local EPOCH, INSTANCE, LOCK_PREFIX, CHANNEL, SILENT_MS = ARGV[1], ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])
local req = cjson.decode(ARGV[7])
local meta = redis.call('HMGET', META, 'epoch', 'recover_until')
if meta[1] ~= EPOCH then return redis.error_reply('EPOCH another epoch began') end
local recover_until = tonumber(meta[2] or '0')

-- A retry after a lost answer gets that answer.
local DONE_MS = 3000
local function done_before()
  local done = req.done_key and ARGV[6] == '1' and redis.call('GET', req.done_key)
  return done and cjson.decode(done)
end
local done = done_before()
if done then return done end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function int(number) return string.format('%.0f', number) end
local function lock_key(path) return LOCK_PREFIX .. path end
local function quote(text) return (cjson.encode(text):gsub('\\/', '/')) end
