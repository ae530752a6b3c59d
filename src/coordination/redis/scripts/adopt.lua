-- Which epoch is this, and of which database? KEYS meta, versions, beginner, owner, outbox, published. ARGV server, new epoch
-- ('' to ask only), recovery in ms, who asks, the epoch that is to be replaced, name of the database, for how long (ms) a
-- database counts as used after its last sign of life, '1' where this Redis was lately another one's.
-- Another server may have forgotten anything: versions go, so that they are asked from the database.
-- Answers {'running', epoch} (also when this call began it), {'lost', the last one known} where the caller is to begin one,
-- {'beginning', …} where another one is just doing so, {'foreign', …, why} where it is another database's ('used'), or may
-- be so ('emptied').
local BEGIN_MS = 2000
local meta = redis.call('HMGET', KEYS[1], 'server', 'epoch', 'database')
local before = meta[2] or '0'
local database = meta[3]
-- A full Redis refuses what takes memory unless the script has written before.
redis.call('DEL', KEYS[1] .. ':none')
if database and database ~= ARGV[6] then
  local left = redis.call('PTTL', KEYS[4])
  -- One without an end, or with a late one since the clock was set back, would keep it for ever.
  if left == -1 or left > tonumber(ARGV[7]) then redis.call('SET', KEYS[4], database, 'PX', ARGV[7]) end
  if left ~= -2 then return { 'foreign', before, 'used' } end
end
if not database and ARGV[8] == '1' then return { 'foreign', before, 'emptied' } end
local is_ours = database == ARGV[6]
local is_running = is_ours and meta[1] == ARGV[1] and meta[2]
if is_ours then redis.call('SET', KEYS[4], database, 'PX', ARGV[7]) end
if ARGV[2] == '' then
  if is_running and before ~= ARGV[5] then return { 'running', before } end
  -- One without an end, or with a late one since the clock was set back, would keep everybody waiting.
  local left = redis.call('PTTL', KEYS[3])
  if left == -1 or left > BEGIN_MS then redis.call('DEL', KEYS[3]) end
  if redis.call('SET', KEYS[3], ARGV[4], 'NX', 'PX', BEGIN_MS) then return { 'lost', before } end
  return { redis.call('GET', KEYS[3]) == ARGV[4] and 'lost' or 'beginning', before }
end
-- A slow instance may come after another one: then the other's epoch counts, if the database knows it.
-- Numbers come from the database only: what stood here may have been put by any client.
if before ~= ARGV[5] then return { is_running and 'running' or 'lost', before } end
local epoch = ARGV[2]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('DEL', KEYS[2], KEYS[3])
-- What another database has not written down yet is nothing to this one, and its log has numbers of its own.
if database and not is_ours then
  redis.call('DEL', KEYS[5], KEYS[6])
  redis.call('HDEL', KEYS[1], 'told')
end
redis.call('SET', KEYS[4], ARGV[6], 'PX', ARGV[7])
redis.call('HDEL', KEYS[1], 'change')
redis.call('HSET', KEYS[1], 'server', ARGV[1], 'epoch', epoch, 'database', ARGV[6], 'recover_until', string.format('%.0f', now + tonumber(ARGV[3])))
return { 'running', epoch }
