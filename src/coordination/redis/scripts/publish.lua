-- Tells of committed changes, once each. KEYS meta, versions, published. ARGV epoch, channel, number of events,
-- then number, id and message of each event, then scope key and version in turn. Answers how many were new.
if redis.call('HGET', KEYS[1], 'epoch') ~= ARGV[1] then return redis.error_reply('EPOCH another epoch began') end
local KEPT = 10000
-- A full Redis refuses what takes memory unless the script has written before.
redis.call('DEL', KEYS[1] .. ':none')
local first_version = 4 + 3 * tonumber(ARGV[3])
for i = first_version, #ARGV, 2 do
  -- Where the key is unknown a later version may have been published and lost: then only a read of the
  -- database is sure ('~'). What is no version is as good as none.
  local mark, known = string.match(redis.call('HGET', KEYS[2], ARGV[i]) or '', '^(~?)(%d+)$')
  if not known then mark, known = '~', '-1' end
  if tonumber(known) < tonumber(ARGV[i + 1]) then redis.call('HSET', KEYS[2], ARGV[i], mark .. ARGV[i + 1]) end
end
local told = tonumber(redis.call('HGET', KEYS[1], 'told') or '0') or 0
local new = 0
for i = 4, first_version - 1, 3 do
  if redis.call('ZADD', KEYS[3], 'NX', ARGV[i], ARGV[i + 1]) == 1 then
    new = new + 1
    told = math.max(told, tonumber(ARGV[i]))
    redis.call('PUBLISH', ARGV[2], ARGV[i + 2])
  end
end
if new > 0 then
  redis.call('HSET', KEYS[1], 'told', string.format('%.0f', told))
  redis.call('ZREMRANGEBYRANK', KEYS[3], 0, -KEPT - 1)
end
return new
