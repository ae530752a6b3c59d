-- lease/claim.lua. Needs begin, change, release-own, look. Gives claim.
-- Renews or releases the claimed leases, all or none. req.act is 'renew' or 'release'.
local function claim()
  -- Before anything is done: where this is no hash, nobody can be woken.
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
