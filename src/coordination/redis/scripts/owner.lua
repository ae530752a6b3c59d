-- A sign of life. KEYS meta, owner. ARGV name of the database, ms. Answers {epoch, database} as they stand here.
local meta = redis.call('HMGET', KEYS[1], 'epoch', 'database')
if meta[2] == ARGV[1] then
  -- A full Redis refuses what takes memory unless the script has written before.
  redis.call('DEL', KEYS[1] .. ':none')
  redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2])
end
return meta
