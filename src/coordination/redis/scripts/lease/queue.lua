-- lease/queue.lua: the locks on paths, and the waiters for them.
-- Needs of call: LEASES, INDEX, WAITERS, CHANNEL, SILENT_MS, USUAL_MS, LONGEST_MS, LATEST_MS, req, time_now, now, int, lock_key, within,
-- found_junk; of lease: HALT_MS, is_name, parse, changed, begin_writing, note, forget, tell_gone, tell.
-- Gives: LAST_TICKET, contains, find, forget_old, waiters, whose_turn, wake, leave.
local function contains(list, value)
  for _, element in ipairs(list) do if element == value then return true end end
  return false
end

-- What is known of a lock that a person put, since it was first seen.
local function remember(lease, left)
  local noted = parse(redis.call('HGET', LEASES, lease.path) or '', lease.path)
  local is_same = not noted.is_foreign and not noted.ended and noted.agent_id == lease.agent_id and
    math.abs(noted.expires - now - left) <= HALT_MS
  lease.ttl_ms = is_same and noted.ttl_ms or left
  lease.acquired_at = is_same and noted.acquired_at or lease.acquired_at
end

-- How long the key of a lock still lives. No agent is kept out for longer than a lease: neither by a key
-- without an end or without a holder, nor by one that lives longer since the clock was set back.
local function time_left(lease)
  local key = lock_key(lease.path)
  local left = redis.call('PTTL', key)
  local is_endless = lease.is_unreadable or left < 0 or left > LONGEST_MS + HALT_MS
  local most = is_endless and USUAL_MS or LONGEST_MS
  if not is_endless then
    if lease.is_foreign then remember(lease, left) end
    if math.abs(now + left - lease.expires) <= HALT_MS or lease.is_foreign then most = lease.ttl_ms end
  end
  if left >= 0 and left <= most + HALT_MS then return left end
  begin_writing()
  redis.call('PEXPIREAT', key, int(now + most))
  if is_endless then found_junk('lock:file') end
  if lease.is_foreign then lease.ttl_ms = most end
  return most
end

-- The lease on a path and whether it is live.
local function find(path)
  -- A key of another type is an error, and held too.
  local held = redis.pcall('GET', lock_key(path))
  if held then
    local lease = parse(type(held) == 'string' and held or '', path)
    if lease.ended then lease.is_foreign = true end
    local left = time_left(lease)
    local expires = lease.expires
    -- Redis may have halted between the two readings of its clock.
    if expires < now + left - HALT_MS or expires > now + left + HALT_MS and expires > time_now() + left + HALT_MS then
      expires = now + left
    end
    if lease.is_foreign or expires ~= lease.expires then
      changed(lease)
      lease.ended, lease.expires = nil, expires
      -- Kept in mind for when the key is gone.
      note(lease)
    end
    return lease, true
  end
  local text = redis.call('HGET', LEASES, path)
  if not text then return nil, false end
  local lease = parse(text, path)
  if lease.is_foreign then
    found_junk('lock:leases')
    forget(path)
    return nil, false
  end
  if not lease.ended then
    changed(lease)
    lease.ended = true
    -- Earlier than it should have: deleted by hand, or evicted.
    if lease.expires > now then
      tell_gone(lease)
      lease.expires = now
    end
    note(lease)
    tell('expired', lease, lease.agent_id)
  end
  return lease, false
end

-- Leases that ran out more than a day ago are forgotten, some at a time.
local REMEMBERED_MS = 86400000
local FORGOTTEN_AT_ONCE = 100
local function forget_old()
  local old = redis.call('ZRANGEBYSCORE', INDEX, '-inf', int(now - REMEMBERED_MS), 'LIMIT', 0, FORGOTTEN_AT_ONCE)
  for _, path in ipairs(old) do
    local _, is_live = find(path)
    if not is_live then forget(path) end
  end
end

-- Beyond it numbers are not exact any more.
local LAST_TICKET = 2 ^ 53
local MOST_PATHS = 100

-- The waiter that the text describes; nil where it cannot be read.
local function waiter_of(text)
  local ok, found = pcall(cjson.decode, text)
  if not ok or type(found) ~= 'table' or not is_name(found.agent_id) or type(found.paths) ~= 'table' then return nil end
  if not within(found.ticket, 0, LAST_TICKET) or not within(found.seen, 0, LATEST_MS) then return nil end
  if #found.paths == 0 or #found.paths > MOST_PATHS then return nil end
  for _, path in ipairs(found.paths) do if type(path) ~= 'string' then return nil end end
  return found
end

-- A silent waiter that was only slow finds its place again until then.
local KEPT_MS = math.max(SILENT_MS, 60000)

-- All waiters that are not silent, in the order in which they came, and the last ticket that was given. One seen at a time to
-- come (the clock was set back) is as good as silent: if it lives it is seen again in a moment.
local function waiters()
  local all, last = {}, 0
  local flat = redis.call('HGETALL', WAITERS)
  for i = 1, #flat, 2 do
    local request, waiter = flat[i], waiter_of(flat[i + 1])
    if not waiter then found_junk('lock:waiters') end
    local silence = waiter and request ~= req.request and math.abs(now - waiter.seen) or 0
    if not waiter or silence > KEPT_MS then redis.call('HDEL', WAITERS, request)
    else
      last = math.max(last, waiter.ticket)
      waiter.request = request
      if silence <= SILENT_MS then all[#all + 1] = waiter end
    end
  end
  table.sort(all, function(a, b) return a.ticket < b.ticket end)
  return all, last
end

-- The waiters whose turn it is: no waiter before them on any of their paths, and no other agent holding one.
local function whose_turn()
  local found, claimed = {}, {}
  for _, waiter in ipairs(waiters()) do
    local is_first = true
    for _, path in ipairs(waiter.paths) do
      if claimed[path] == nil then
        local lease, is_live = find(path)
        claimed[path] = is_live and lease.agent_id or false
      end
      if claimed[path] and claimed[path] ~= waiter.agent_id then is_first = false end
    end
    for _, path in ipairs(waiter.paths) do claimed[path] = claimed[path] or waiter.agent_id end
    if is_first then found[#found + 1] = waiter end
  end
  return found
end

-- Tells waiting instances that one of these paths may be had now.
local function wake(paths)
  if redis.call('EXISTS', WAITERS) == 0 then return end
  for _, waiter in ipairs(whose_turn()) do
    for _, path in ipairs(waiter.paths) do
      if contains(paths, path) then
        redis.call('PUBLISH', CHANNEL, 'wake ' .. waiter.request)
        break
      end
    end
  end
end

-- Gives up the place of the request; the waiter behind it may go.
local function leave()
  local text = redis.call('HGET', WAITERS, req.request)
  if not text then return end
  redis.call('HDEL', WAITERS, req.request)
  local waiter = waiter_of(text)
  if waiter then wake(waiter.paths) end
end
