-- Begins every script on leases. KEYS meta, leases, index, waiters, outbox. ARGV epoch, instance, beginning of the locks' own
-- keys, channel, silent ms, '1' when tried again, the request as JSON.
-- leases: hash path -> lease as JSON, also of one that ran out (so that its holder can be told). index: path by expiry.
-- outbox: changes of holders by number, until the database has them.
-- The lock itself is the key that the guide shows; it alone says whether a path is held, whoever put or deleted it.
-- Time is Redis TIME, in ms.
local META, LEASES, INDEX, WAITERS, OUTBOX = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local EPOCH, INSTANCE, LOCK_PREFIX, CHANNEL, SILENT_MS = ARGV[1], ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])
local req = cjson.decode(ARGV[7])
local meta = redis.call('HMGET', META, 'epoch', 'recover_until')
if meta[1] ~= EPOCH then return redis.error_reply('EPOCH another epoch began') end
local recover_until = tonumber(meta[2] or '0')

-- A retry after a lost answer gets that answer.
local DONE_MS = 3000
if req.done_key and ARGV[6] == '1' then
  local done = redis.call('GET', req.done_key)
  if done then return cjson.decode(done) end
end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function int(number) return string.format('%.0f', number) end
local function quote(text) return (cjson.encode(text):gsub('\\/', '/')) end
local function lock_key(path) return LOCK_PREFIX .. path end

local function contains(list, value)
  for _, element in ipairs(list) do if element == value then return true end end
  return false
end

-- cjson writes fields in no order; the guide's two come first.
local function written(lease)
  local text = '{"agent_id": ' .. quote(lease.agent_id) .. ', "expires": ' .. int(lease.expires) ..
    ', "fencing_token": "' .. lease.fencing_token .. '", "ttl_ms": ' .. int(lease.ttl_ms) ..
    ', "acquired_at": ' .. int(lease.acquired_at) .. ', "request": ' .. quote(lease.request) .. ', "via": ' .. quote(lease.via)
  if lease.asked then text = text .. ', "asked": ' .. int(lease.asked) end
  if lease.purpose then text = text .. ', "purpose": ' .. quote(lease.purpose) end
  if lease.extended then text = text .. ', "extended": true' end
  if lease.ended then text = text .. ', "ended": true' end
  return text .. '}'
end

-- Written once for all the places it goes to; whoever changes a lease calls `changed`.
local function encode(lease)
  lease.text = lease.text or written(lease)
  return lease.text
end

local function changed(lease) lease.text, lease.entry = nil, nil end

-- A lease and its path, as fields.
local function entry(lease)
  lease.entry = lease.entry or '"path": ' .. quote(lease.path) .. ', "lease": ' .. encode(lease)
  return lease.entry
end

local function text_of(value, default)
  if type(value) == 'string' then return value end
  return type(value) == 'number' and int(value) or default
end

-- A number that grows for ever: an epoch's begin above all of the one before.
local function above_epoch(count) return int(tonumber(EPOCH) * 4294967296 + count) end

local OUTBOX_KEPT = 10000
local told = 0
-- The number of the next change of a holder; that of a grant is its fencing token.
local function next_change()
  told = redis.call('HINCRBY', META, 'change', 1)
  return above_epoch(told)
end

-- Says that a holder changed: in the same step as the change itself, so that neither is without the other.
local function tell(kind, lease, agent, number)
  number = number or next_change()
  local text = '{"seq": ' .. number .. ', "type": "lock.' .. kind .. '", "agent_id": ' .. quote(agent) .. ', ' .. entry(lease)
  if req.reason then text = text .. ', "reason": ' .. quote(req.reason) end
  redis.call('ZADD', OUTBOX, number, text .. '}')
  if told % 100 == 0 then redis.call('ZREMRANGEBYRANK', OUTBOX, 0, -OUTBOX_KEPT - 1) end
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

local function note(lease)
  redis.call('HSET', LEASES, lease.path, encode(lease))
  redis.call('ZADD', INDEX, int(lease.expires), lease.path)
end

local function forget(path)
  redis.call('HDEL', LEASES, path)
  redis.call('ZREM', INDEX, path)
end

-- What is left is by a clock that has gone on since `now`.
local HALT_MS = 100
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
    lease.expires = math.min(lease.expires, now)
    note(lease)
    tell('expired', lease, lease.agent_id)
  end
  return lease, false
end

-- This instance looks after the lease from now on; another one that did stops.
local function take_over(lease)
  if lease.via == INSTANCE then return end
  if lease.via ~= '' then
    redis.call('PUBLISH', CHANNEL, 'gone ' .. lease.via .. ' ' .. lease.fencing_token .. ' ' .. lease.path)
  end
  changed(lease)
  lease.via = INSTANCE
end

local function put(lease)
  changed(lease)
  redis.call('SET', lock_key(lease.path), encode(lease))
  -- To the moment that the lease says: by what is left it would be later on a server that halted meanwhile.
  redis.call('PEXPIREAT', lock_key(lease.path), int(lease.expires))
  note(lease)
end

local function drop(lease, how)
  take_over(lease)
  tell(how, lease, req.agent_id)
  redis.call('DEL', lock_key(lease.path))
  forget(lease.path)
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

-- Lists go as JSON texts, since Lua cannot tell an empty list from an empty object.
local function leases_json(leases)
  local parts = {}
  for i, lease in ipairs(leases) do
    parts[i] = '{' .. entry(lease) .. '}'
  end
  return '[' .. table.concat(parts, ',') .. ']'
end

local function answer(kind, leases, extra)
  return { kind, leases_json(leases or {}), extra or '{}', int(now), int(told) }
end

-- For what must not be done twice.
local function lasting(reply)
  if req.done_key then redis.call('SET', req.done_key, cjson.encode(reply), 'PX', int(DONE_MS)) end
  return reply
end
