-- Live leases by the order of their paths' bytes.
if req.count_only then
  return answer('done', {}, cjson.encode({ count = redis.call('ZCOUNT', INDEX, '(' .. int(now), '+inf') }))
end
forget_old()
local AT_ONCE = 200
local prefix = req.prefix or ''
local from = '[' .. prefix
if req.after and string.sub(req.after, 1, #prefix) == prefix then from = '(' .. req.after end
local found = {}
repeat
  local paths = redis.call('ZRANGEBYLEX', NAMES, from, '+', 'LIMIT', 0, AT_ONCE)
  for _, path in ipairs(paths) do
    if #found >= req.limit or string.sub(path, 1, #prefix) ~= prefix then return answer('done', found) end
    local lease, is_live = find(path)
    if is_live and (not req.agent_id or lease.agent_id == req.agent_id) then found[#found + 1] = lease end
  end
  if #paths > 0 then from = '(' .. paths[#paths] end
until #paths < AT_ONCE
return answer('done', found)
