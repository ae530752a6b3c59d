-- Keeps an answer, unless a version is known that it does not reach. KEYS meta, versions, answer, fill.
-- ARGV epoch, instance, ttl ms ('0' to keep nothing), payload, name of the versions' memory, then scope key and version in turn.
if redis.call('HGET', KEYS[1], 'epoch') ~= ARGV[1] then return redis.error_reply('EPOCH another epoch began') end
if redis.pcall('GET', KEYS[4]) == ARGV[2] then redis.call('DEL', KEYS[4]) end
-- Of what was read before the versions were lost it is unknown whether it is the newest.
if redis.call('HGET', KEYS[2], '#') ~= ARGV[5] then return 0 end
local current = true
for i = 6, #ARGV, 2 do
  local text = redis.call('HGET', KEYS[2], ARGV[i])
  local known = text and tonumber(string.match(text, '^~?(%d+)$') or '-1') or -1
  local version = tonumber(ARGV[i + 1])
  if known > version then current = false
  elseif text ~= ARGV[i + 1] then redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1]) end
end
if not current or ARGV[3] == '0' then return 0 end
-- Locks and versions need the rest; where Redis removes keys by itself it is to be full.
local info = redis.pcall('INFO', 'memory')
local memory = type(info) == 'string' and info or ''
local used, most = string.match(memory, '\nused_memory:(%d+)'), string.match(memory, '\nmaxmemory:(%d+)')
local is_limited = most and most ~= '0' and string.find(memory, 'maxmemory_policy:noeviction', 1, true)
if is_limited and used + #ARGV[4] > most * 0.9 then return 0 end
redis.call('SET', KEYS[3], ARGV[4], 'PX', ARGV[3])
return 1
