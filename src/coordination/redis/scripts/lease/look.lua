-- What stands there: leases, and who waits for them.
local function contains(list, value)
  for _, element in ipairs(list) do if element == value then return true end end
  return false
end

local function text_of(value, default)
  if type(value) == 'string' then return value end
  return type(value) == 'number' and int(value) or default
end

local function is_token(value) return type(value) == 'string' and value:match('^%d+$') ~= nil end

local function is_ours(found)
  return type(found) == 'table' and type(found.agent_id) == 'string' and type(found.expires) == 'number' and
    is_token(found.fencing_token) and type(found.ttl_ms) == 'number' and type(found.acquired_at) == 'number' and
    type(found.request) == 'string' and type(found.via) == 'string' and
    (found.purpose == nil or type(found.purpose) == 'string')
end

-- Whatever stands there: a person may have written it.
local function repaired(found, path)
  if type(found) ~= 'table' then found = {} end
  local expires = tonumber(text_of(found.expires)) or now
  local token = text_of(found.fencing_token, '0')
  return {
    path = path,
    agent_id = text_of(found.agent_id, 'unknown'),
    expires = expires,
    fencing_token = is_token(token) and token or '0',
    ttl_ms = tonumber(text_of(found.ttl_ms)) or math.max(expires - now, 0),
    acquired_at = tonumber(text_of(found.acquired_at)) or now,
    request = text_of(found.request, ''),
    via = text_of(found.via, ''),
    purpose = type(found.purpose) == 'string' and found.purpose or nil,
    ended = found.ended == true,
    is_foreign = true,
  }
end

local function parse(text, path)
  local ok, found = pcall(cjson.decode, text)
  if not ok or not is_ours(found) then return repaired(ok and found, path) end
  found.path, found.text = path, text
  return found
end

-- A key without an end is held until somebody deletes it; this is what is said of its time.
local ENDLESS_MS = 86400000

-- The lease on a path and whether it is live.
local function find(path)
  -- A key of another type is an error, and held too.
  local held = redis.pcall('GET', lock_key(path))
  if held then
    local lease = parse(type(held) == 'string' and held or '', path)
    if lease.ended then lease.is_foreign = true end
    local left = redis.call('PTTL', lock_key(path))
    local expires = lease.expires
    if left < 0 then expires = math.max(expires, now + ENDLESS_MS)
    elseif math.abs(now + left - expires) > HALT_MS then expires = now + left end
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

-- Everybody who waits and is not silent, who came first first.
local function waiters()
  local all = {}
  local flat = redis.call('HGETALL', WAITERS)
  for i = 1, #flat, 2 do
    local waiter = cjson.decode(flat[i + 1])
    waiter.request = flat[i]
    if now - waiter.seen > SILENT_MS and waiter.request ~= req.request then redis.call('HDEL', WAITERS, flat[i])
    else all[#all + 1] = waiter end
  end
  table.sort(all, function(a, b) return a.ticket < b.ticket end)
  return all
end

-- Those whose turn it is: nobody before them on any of their paths, and nobody else holding one.
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

-- Gives up the place of the request; who was behind it may go.
local function leave()
  local text = redis.call('HGET', WAITERS, req.request)
  if not text then return end
  redis.call('HDEL', WAITERS, req.request)
  wake(cjson.decode(text).paths)
end

