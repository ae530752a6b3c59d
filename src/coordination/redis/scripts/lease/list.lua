-- lease/list.lua. Needs begin, change, read, look.
-- Live leases by the order of their paths' bytes.
if req.count_only then
  return answer('done', {}, cjson.encode({
    count = redis.call('ZCOUNT', INDEX, '(' .. int(now), int(now + LONGEST_MS + HALT_MS)),
    recovering_ms = math.max(0, recover_until - now),
  }))
end
forget_old()
local prefix = req.prefix or ''
-- Redis sorts by bytes; Lua would by the server's locale.
local SORTED = LEASES .. ':sorted'
redis.call('DEL', SORTED)
for _, path in ipairs(redis.call('HKEYS', LEASES)) do
  if string.sub(path, 1, #prefix) == prefix then redis.call('ZADD', SORTED, 0, path) end
end
local paths = redis.call('ZRANGEBYLEX', SORTED, req.after and '(' .. req.after or '-', '+')
redis.call('DEL', SORTED)
local found = {}
for _, path in ipairs(paths) do
  if #found >= req.limit then break end
  local lease, is_live = find(path)
  if is_live and (not req.agent_id or lease.agent_id == req.agent_id) then found[#found + 1] = lease end
end
return answer('done', found)
