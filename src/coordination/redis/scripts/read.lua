-- One round trip of a read. KEYS meta, versions, answer, fill. ARGV epoch, instance, fill ms, '1' when the answer there is
-- known to be outdated, scope keys …
-- Answers {answer or false, 1 when this instance is to fill it, {name of the versions' memory, version or false of each scope key …}}.
if redis.call('HGET', KEYS[1], 'epoch') ~= ARGV[1] then return redis.error_reply('EPOCH another epoch began') end
local reply = redis.call('HMGET', KEYS[2], '#', unpack(ARGV, 5))
if not reply[1] then
  -- The versions begin anew, with the epoch or since they were evicted.
  local number = redis.pcall('HINCRBY', KEYS[1], 'memories', 1)
  if type(number) == 'table' then
    -- Something that is no number stood there: one that none was before.
    local time = redis.call('TIME')
    number = time[1] * 1000000 + time[2]
    redis.call('HSET', KEYS[1], 'memories', string.format('%.0f', number))
  end
  reply[1] = ARGV[1] .. ':' .. string.format('%.0f', number)
  redis.call('HSET', KEYS[2], '#', reply[1])
end
for i = 2, #reply do
  -- '~' is before a version that may not be the newest one.
  if reply[i] and string.byte(reply[i]) == 126 then reply[i] = false end
end
-- A key of another type is as good as none.
local answer = redis.pcall('GET', KEYS[3])
if type(answer) == 'table' then
  redis.call('DEL', KEYS[3])
  answer = false
end
local fills = 0
if not answer or ARGV[4] == '1' then
  -- A client that set one without an end, or with a late one, would let all readers wait in vain.
  local left = redis.call('PTTL', KEYS[4])
  if left == -1 or left > tonumber(ARGV[3]) then redis.call('DEL', KEYS[4]) end
  if redis.call('SET', KEYS[4], ARGV[2], 'NX', 'PX', ARGV[3]) then fills = 1 end
end
return { answer, fills, reply }
