-- lease/acquire-free.lua. Needs begin, change. Gives grant, acquire_free, is_due.
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

-- What most checkouts find: nobody waits, and the paths are free and were given back. Then nothing else has to be looked at.
local function acquire_free()
  local keys = { WAITERS }
  for i, path in ipairs(req.paths) do
    keys[i + 1] = lock_key(path)
    if redis.call('HGET', LEASES, path) then return nil end
  end
  if recover_until > now or redis.call('EXISTS', unpack(keys)) > 0 then return nil end
  return grant({}, req.paths)
end
