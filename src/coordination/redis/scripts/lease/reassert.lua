-- After Redis lost its memory: an instance puts back what it granted, each with its old token, while nobody is granted
-- anything. Where two claim a path (the news that one had ended was lost), the later token is right.
local is_open = recover_until > now
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
