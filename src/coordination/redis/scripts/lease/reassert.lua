-- lease/reassert.lua. Needs begin, change, read, look.
-- After Redis lost its memory: an instance puts back what it granted, each with its old token, while nobody is granted
-- anything. Where two claim a path (the news that one had ended was lost), the later token is right.
-- With req.live, all the paths that the instance knows to be held through it, what an older copy of the memory brought back
-- of its other ones goes: they were given back since.
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
