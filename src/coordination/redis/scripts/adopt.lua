-- Which epoch is this? KEYS meta, versions, beginner. ARGV server, new epoch ('' to ask only), recovery in ms, who asks, and the
-- epoch that is to be replaced.
-- Another server may have forgotten anything: versions go, so that they are asked from the database.
-- Answers {'running', epoch} (also when this call began it), {'lost', the last one known} where the caller is to begin one,
-- {'beginning', …} where another one is just doing so.
local BEGIN_MS = 2000
local meta = redis.call('HMGET', KEYS[1], 'server', 'epoch')
local before = meta[2] or '0'
local is_running = meta[1] == ARGV[1] and meta[2]
-- A full Redis refuses what takes memory unless the script has written before.
redis.call('DEL', KEYS[1] .. ':none')
if ARGV[2] == '' then
  if is_running and before ~= ARGV[5] then return { 'running', before } end
  -- One without an end, or with a late one since the clock was set back, would keep everybody waiting.
  local left = redis.call('PTTL', KEYS[3])
  if left == -1 or left > BEGIN_MS then redis.call('DEL', KEYS[3]) end
  if redis.call('SET', KEYS[3], ARGV[4], 'NX', 'PX', BEGIN_MS) then return { 'lost', before } end
  return { redis.call('GET', KEYS[3]) == ARGV[4] and 'lost' or 'beginning', before }
end
-- Who was slow may come after another one: then that one's counts, if the database knows it. Numbers come from the database only:
-- what stood here may have been put by anybody.
if before ~= ARGV[5] then return { is_running and 'running' or 'lost', before } end
local epoch = ARGV[2]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('DEL', KEYS[2], KEYS[3])
redis.call('HDEL', KEYS[1], 'change')
redis.call('HSET', KEYS[1], 'server', ARGV[1], 'epoch', epoch, 'recover_until', string.format('%.0f', now + tonumber(ARGV[3])))
return { 'running', epoch }
