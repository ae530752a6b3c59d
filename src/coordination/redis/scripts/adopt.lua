-- Which epoch is this? KEYS meta, versions. ARGV server, new epoch ('' to ask only), recovery in ms.
-- Another server may have forgotten anything: versions go, so that they are asked from the database.
-- Answers {'1', epoch} for a running one (or one begun by this call), {'0', the last one known} where one must begin.
local meta = redis.call('HMGET', KEYS[1], 'server', 'epoch')
local before = meta[2] or '0'
if meta[1] == ARGV[1] and meta[2] then return { '1', before } end
if ARGV[2] == '' then return { '0', before } end
local epoch = string.format('%.0f', math.max(tonumber(ARGV[2]), tonumber(before) + 1))
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('DEL', KEYS[2])
redis.call('HSET', KEYS[1], 'server', ARGV[1], 'epoch', epoch, 'recover_until', string.format('%.0f', now + tonumber(ARGV[3])))
return { '1', epoch }
