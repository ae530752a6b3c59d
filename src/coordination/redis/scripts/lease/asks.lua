-- lease/asks.lua: everything else that is asked or done about leases (the `ask` of the request).
-- Needs of call: META, LEASES, INDEX, WAITERS, OUTBOX, INSTANCE, LONGEST_MS, req, now, recover_until, int, lock_key, above_epoch,
-- changes; of lease: HALT_MS, begin_writing, forget, put, drop, answer, done_before, lasting; of queue: contains, find, forget_old, waiters,
-- whose_turn, wake, leave.
local asks = {}

-- What stands on one path.
function asks.find()
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
end

-- All waiters, each with its paths. (An empty list would be an object to cjson.)
function asks.waits()
  local found = {}
  for _, waiter in ipairs(waiters()) do
    found[#found + 1] = cjson.encode({ agent_id = waiter.agent_id, paths = waiter.paths })
  end
  return answer('done', {}, '{"waiters":[' .. table.concat(found, ',') .. ']}')
end

-- Whether the turn of a request has come.
function asks.turn()
  for _, waiter in ipairs(whose_turn()) do
    if waiter.request == req.request then return answer('yes') end
  end
  return answer('no')
end

-- Live leases by the order of their paths' bytes.
function asks.list()
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
end

-- Ends the live lease on a path, whichever agent holds it; but none that was granted after this was asked
-- for. (One that a person put tells no time.)
function asks.force()
  redis.call('HGET', WAITERS, '')
  local lease, is_live = find(req.paths[1])
  local is_later = is_live and lease.via ~= '' and req.asked_by and lease.acquired_at > req.asked_by and lease.acquired_at <= now
  if not is_live or is_later then return answer('none') end
  drop(lease, 'forced')
  wake(req.paths)
  return lasting(answer('done', { lease }))
end

-- Gives up the places of a request.
function asks.leave()
  leave()
  return answer('done')
end

-- After Redis lost its memory: an instance puts back what it granted, each with its old token, while no agent
-- is granted anything. Where two claim a path (the news that one had ended was lost), the later token is
-- right. With req.live, all the paths that the instance knows to be held through it, what an older copy of
-- the memory brought back of its other ones goes: they were given back since.
function asks.reassert()
  local is_open = recover_until > now
  if is_open and req.live then
    local live = {}
    for _, path in ipairs(req.live) do live[path] = true end
    for _, path in ipairs(redis.call('HKEYS', LEASES)) do
      local lease, is_live = find(path)
      if is_live and lease.via == INSTANCE and not live[path] then
        redis.call('DEL', lock_key(path))
        forget(path)
      end
    end
  end
  local back = {}
  for _, claim in ipairs(req.claims) do
    local lease, is_live = find(claim.path)
    local token = is_live and tonumber(lease.fencing_token) or 0
    local expires = now + claim.remaining_ms
    local is_later = tonumber(claim.fencing_token) > token
    local is_longer = tonumber(claim.fencing_token) == token and expires > lease.expires
    if is_open and claim.remaining_ms > 0 and (is_later or is_longer) then
      claim.expires = expires
      claim.via = INSTANCE
      put(claim)
      back[#back + 1] = claim
    end
  end
  return answer('done', back)
end

-- Lets new grants begin after req.recover_ms at the latest, which the database gave.
function asks.settle()
  begin_writing()
  if recover_until - now > req.recover_ms then redis.call('HSET', META, 'recover_until', int(now + req.recover_ms)) end
  return answer('done')
end

-- The first changes of holders, each after its number, and the number of the last change: none that is ours has a later one.
function asks.outbox()
  local AT_ONCE = 200
  local rows = redis.call('ZRANGEBYSCORE', OUTBOX, '-inf', '+inf', 'WITHSCORES', 'LIMIT', 0, AT_ONCE)
  return { rows, int(above_epoch(changes)) }
end

return done_before() or asks[req.ask]()
