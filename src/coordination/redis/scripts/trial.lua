-- Does once what the other scripts do, on a key of its own. KEYS trial. Answers the first command that fails and its error.
-- It removes the key first, as they do: in a full Redis what takes memory works then.
local KEY = KEYS[1]
local commands = {
  { 'DEL', KEY }, { 'SET', KEY, '1', 'PX', '1000' }, { 'GET', KEY }, { 'PEXPIREAT', KEY, '1' }, { 'PTTL', KEY }, { 'EXISTS', KEY },
  { 'DEL', KEY }, { 'HSET', KEY, 'a', '1' }, { 'HINCRBY', KEY, 'a', '1' }, { 'HGET', KEY, 'a' }, { 'HMGET', KEY, 'a' },
  { 'HKEYS', KEY }, { 'HGETALL', KEY }, { 'HDEL', KEY, 'a' },
  { 'DEL', KEY }, { 'ZADD', KEY, '0', 'a' }, { 'ZCOUNT', KEY, '0', '0' }, { 'ZRANGEBYLEX', KEY, '-', '+' },
  { 'ZRANGEBYSCORE', KEY, '0', '0' }, { 'ZREMRANGEBYRANK', KEY, '1', '1' }, { 'ZREMRANGEBYSCORE', KEY, '1', '1' },
  { 'ZREM', KEY, 'a' }, { 'DEL', KEY }, { 'TIME' },
}
for _, command in ipairs(commands) do
  local answer = redis.pcall(unpack(command))
  if type(answer) == 'table' and answer.err then
    redis.pcall('DEL', KEY)
    return { command[1], answer.err }
  end
end
return {}
