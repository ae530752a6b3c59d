-- lease/find.lua. Needs begin, change, read, look.
-- What stands on one path.
local lease, is_live = find(req.paths[1])
local agents = {}
local count = 0
for _, waiter in ipairs(waiters()) do
  if contains(waiter.paths, req.paths[1]) and not agents[waiter.agent_id] then
    agents[waiter.agent_id] = true
    count = count + 1
  end
end
return answer(is_live and 'held' or 'free', { lease }, cjson.encode({ waiting = count }))
