-- lease/quick.lua: what most checkouts and checkins find, each in a few commands. Where all acts of a call come down to that, the
-- script ends here: Redis runs it from its first line, and the rest is not even defined.
-- Needs of call: LEASES, WAITERS, INSTANCE, req, now, recover_until, lock_key, done_before; of lease: HALT_MS, told, parse, make_room,
-- next_change, tell, index, take_over, store, put, drop, answer, lasting.
-- Gives: requests, replies, is_due, grant, is_late, release, shortcut.
local CLEAN_EVERY = 256
-- Whether what ran out long ago is to be forgotten after this.
local is_due = false

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

-- What most checkouts find: there is no waiter, and the paths are free and were given back. Then nothing else
-- has to be looked at.
local function acquire_free()
  local keys = { WAITERS }
  for i, path in ipairs(req.paths) do
    keys[i + 1] = lock_key(path)
    if redis.call('HGET', LEASES, path) then return nil end
  end
  if recover_until > now or redis.call('EXISTS', unpack(keys)) > 0 then return nil end
  return grant({}, req.paths)
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

-- What most checkins find: there is no waiter, and no person and no other instance has touched the leases.
local function release_own()
  if redis.call('EXISTS', WAITERS) == 1 then return nil end
  local own = {}
  for i, path in ipairs(req.paths) do
    local text = redis.call('HGET', LEASES, path)
    if not text or redis.pcall('GET', lock_key(path)) ~= text then return nil end
    local lease = parse(text, path)
    if lease.is_foreign or lease.ended then return nil end
    if lease.agent_id ~= req.agent_id or lease.via ~= INSTANCE or is_late(lease) then return nil end
    if req.token and req.token ~= lease.fencing_token then return nil end
    if math.abs(now + redis.call('PTTL', lock_key(path)) - lease.expires) > HALT_MS then return nil end
    own[i] = lease
  end
  return release(own)
end

local requests, replies = req, {}
local function shortcut()
  if req.act == 'acquire' then return acquire_free() end
  return done_before() or req.act == 'release' and release_own() or nil
end
for i, request in ipairs(requests) do
  req = request
  replies[i] = shortcut()
  if not replies[i] then break end
end
if #replies == #requests and not is_due then return replies end
