-- lease/acts.lua: acquires, renews or releases (the `act` of each request), one request after the other.
-- Needs of call: WAITERS, INSTANCE, SILENT_MS, req, now, recover_until; of plain: CLEAN_EVERY, requests, replies, is_due; of lease: told,
-- begin_writing, make_room, next_change, tell, index, take_over, store, put, drop, answer, done_before, lasting; of queue: LAST_TICKET,
-- contains, find, forget_old, waiters, wake, leave.
-- Answers the replies in a list, behind them the time of the plain ones.

-- Gives the request what is wanted; what its agent has already, `own`, it keeps.
local function grant(own, wanted)
  local granted, fresh = {}, {}
  if #wanted == 0 then make_room() end
  for _, lease in ipairs(own) do
    if lease.request ~= req.request then
      lease.request = req.request
      lease.asked = req.asked
      lease.extended = true
      lease.purpose = req.purpose or lease.purpose
      -- A checkout never shortens a lease.
      if lease.expires - now < req.ttl_ms then
        lease.ttl_ms = req.ttl_ms
        lease.expires = now + req.ttl_ms
      end
      take_over(lease)
      put(lease)
    end
    granted[lease.path] = lease
  end
  for _, path in ipairs(wanted) do
    local number = next_change()
    local lease = {
      path = path, agent_id = req.agent_id, expires = now + req.ttl_ms, fencing_token = number,
      ttl_ms = req.ttl_ms, acquired_at = now, request = req.request, via = INSTANCE, asked = req.asked, purpose = req.purpose,
    }
    index(lease)
    tell('acquired', lease, req.agent_id, number)
    store(lease)
    granted[path] = lease
    -- Two in a row, since grants may have every other number.
    is_due = is_due or told % CLEAN_EVERY < 2
  end
  local shown = {}
  for i, path in ipairs(req.paths) do
    shown[i] = granted[path]
    -- Also of a retry whose first answer was lost.
    if not granted[path].extended then fresh[#fresh + 1] = path end
  end
  return answer('granted', shown, '{"fresh": ' .. (#fresh > 0 and cjson.encode(fresh) or '[]') .. '}')
end

-- Grants all paths, or takes (or keeps) a place in their queues, or neither; as decideAcquire of the domain does.
local function acquire()
  local queue, last_ticket = waiters()
  local own, held, wanted, live = {}, {}, {}, {}
  for _, path in ipairs(req.paths) do
    local lease, is_live = find(path)
    live[path] = is_live and lease.agent_id or false
    -- One without a token was put there by hand: its agent gets a real one.
    if is_live and lease.agent_id == req.agent_id and lease.fencing_token ~= '0' then own[#own + 1] = lease
    else
      wanted[#wanted + 1] = path
      if is_live and lease.agent_id ~= req.agent_id then held[#held + 1] = lease end
    end
  end
  for _, waiter in ipairs(queue) do
    for _, path in ipairs(waiter.paths) do
      if live[path] == nil then
        local lease, is_live = find(path)
        live[path] = is_live and lease.agent_id or false
      end
    end
  end

  -- Whom an agent waits for by holding.
  local function waits_of(agent)
    local found = {}
    for _, waiter in ipairs(queue) do
      if waiter.agent_id == agent then
        for _, path in ipairs(waiter.paths) do
          local by = live[path]
          if by and by ~= agent then found[#found + 1] = { agent_id = agent, path = path, held_by = by } end
        end
      end
    end
    return found
  end

  local function ahead(agent, paths, ticket)
    local found = {}
    for _, waiter in ipairs(queue) do
      if waiter.agent_id ~= agent and waiter.ticket < ticket then
        for _, path in ipairs(waiter.paths) do
          if contains(paths, path) then found[#found + 1] = { agent_id = waiter.agent_id, path = path, waiter = waiter } end
        end
      end
    end
    return found
  end

  local function find_cycle()
    local trails, visited = {}, {}
    for _, lease in ipairs(held) do
      trails[#trails + 1] = { { agent_id = req.agent_id, path = lease.path, held_by = lease.agent_id } }
      visited[lease.agent_id] = true
    end
    local head = 1
    while trails[head] do
      local trail = trails[head]
      head = head + 1
      for _, wait in ipairs(waits_of(trail[#trail].held_by)) do
        local longer = { unpack(trail) }
        longer[#longer + 1] = wait
        if wait.held_by == req.agent_id then return longer end
        if not visited[wait.held_by] then
          visited[wait.held_by] = true
          trails[#trails + 1] = longer
        end
      end
    end
    return nil
  end

  -- Whether `from` waits for `to`, over holders and places in queues.
  local function waits_on(from, to)
    local visited, open = { [from] = true }, { from }
    while #open > 0 do
      local agent = table.remove(open)
      local next_agents = {}
      for _, wait in ipairs(waits_of(agent)) do next_agents[#next_agents + 1] = wait.held_by end
      for _, waiter in ipairs(queue) do
        if waiter.agent_id == agent then
          for _, other in ipairs(ahead(agent, waiter.paths, waiter.ticket)) do next_agents[#next_agents + 1] = other.agent_id end
        end
      end
      for _, other in ipairs(next_agents) do
        if other == to then return true end
        if not visited[other] then
          visited[other] = true
          open[#open + 1] = other
        end
      end
    end
    return false
  end

  local cycle = req.wait and find_cycle()
  if cycle then
    leave()
    return answer('deadlock', {}, cjson.encode({ cycle = cycle }))
  end

  local ticket = nil
  for _, waiter in ipairs(queue) do if waiter.request == req.request then ticket = waiter.ticket end end

  local first = nil
  local in_the_way = {}
  for _, other in ipairs(ahead(req.agent_id, wanted, ticket or math.huge)) do
    if not waits_on(other.agent_id, req.agent_id) then
      in_the_way[#in_the_way + 1] = other.waiter
      first = first or other
    end
  end

  if #held > 0 or first then
    local retry = math.huge
    for _, lease in ipairs(held) do retry = math.min(retry, lease.expires - now + 1) end
    for _, waiter in ipairs(in_the_way) do retry = math.min(retry, SILENT_MS - (now - waiter.seen) + 1) end
    local by = held[1] and { path = held[1].path, agent_id = held[1].agent_id } or { path = first.path, agent_id = first.agent_id }
    by.retry_ms = math.max(1, retry)
    if req.wait then
      ticket = ticket or math.min(last_ticket + 1, LAST_TICKET)
      begin_writing()
      redis.call('HSET', WAITERS, req.request, cjson.encode({ agent_id = req.agent_id, paths = wanted, ticket = ticket, seen = now }))
    else leave() end
    return answer(req.wait and 'queued' or 'held', { held[1] }, cjson.encode(by))
  end

  -- Nor what the agent seems to hold: the instance that put it back may have missed that it was given back,
  -- and another agent had it since. The true holder may renew it.
  if recover_until > now then
    leave()
    return answer('recovering', {}, cjson.encode({ retry_ms = recover_until - now }))
  end

  if ticket then redis.call('HDEL', WAITERS, req.request) end
  return grant(own, wanted)
end

-- It was on its way for so long that its agent, without an answer, has asked for the file again: by the
-- numbers of the instance, and where another one was asked by the time at which the lease was granted or
-- renewed. (One that a person put tells no time.)
local function is_late(lease)
  if lease.via == INSTANCE then return (lease.asked or 0) > req.asked end
  local since = lease.expires - lease.ttl_ms
  return lease.via ~= '' and req.asked_by and since > req.asked_by and since <= now
end

local function release(leases)
  for _, lease in ipairs(leases) do drop(lease, 'released') end
  return lasting(answer('done', leases))
end

-- Renews or releases the claimed leases, all or none. req.act is 'renew' or 'release'.
local function claim()
  -- Before anything is done: where this is no hash, no waiter can be woken.
  redis.call('HGET', WAITERS, '')
  local leases = {}
  for i, path in ipairs(req.paths) do
    local lease, is_live = find(path)
    local reason = nil
    if not is_live then reason = lease and lease.agent_id == req.agent_id and 'expired' or 'not_found'
    elseif lease.agent_id ~= req.agent_id then reason = 'other_holder'
    elseif req.token and req.token ~= lease.fencing_token then reason = 'superseded'
    elseif req.act == 'release' and is_late(lease) then reason = 'superseded' end
    if reason then return answer('refused', { lease }, cjson.encode({ path = path, reason = reason })) end
    leases[i] = lease
  end
  if req.act == 'release' then
    local reply = release(leases)
    wake(req.paths)
    return reply
  end
  for _, lease in ipairs(leases) do
    lease.ttl_ms = req.ttl_ms or lease.ttl_ms
    lease.expires = now + lease.ttl_ms
    lease.asked = req.asked
    take_over(lease)
    put(lease)
  end
  return answer('done', leases)
end

-- The requests that plain has left.
for i, request in ipairs(requests) do
  if not replies[i] then
    req = request
    replies[i] = req.act == 'acquire' and acquire() or req.act == 'release' and done_before() or claim()
  end
end
if is_due then forget_old() end
return replies
