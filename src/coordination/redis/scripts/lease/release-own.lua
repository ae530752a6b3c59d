-- lease/release-own.lua. Needs begin, change, read. Gives is_late, release, release_own.
-- It was on its way for so long that its agent, told nothing, has asked for the file again: by the numbers of the instance, and
-- where another one was asked by the time at which the lease was granted or renewed. (One that a person put tells no time.)
local function is_late(lease)
  if lease.via == INSTANCE then return (lease.asked or 0) > req.asked end
  local since = lease.expires - lease.ttl_ms
  return lease.via ~= '' and req.asked_by and since > req.asked_by and since <= now
end

local function release(leases)
  for _, lease in ipairs(leases) do drop(lease, 'released') end
  return lasting(answer('done', leases))
end

-- What most checkins find: nobody waits, and no person and no other instance has touched the leases.
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
