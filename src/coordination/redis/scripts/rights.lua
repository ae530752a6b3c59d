-- What this user may not do, and what this server has no command for (rename-command). ARGV each a command with its arguments, as a
-- JSON array. Answers the places of those, negative where there is no such command. Before Redis 7 neither can be asked for: then
-- each command says so itself when its time comes.
if not redis.acl_check_cmd then return {} end
local refused = {}
for place, command in ipairs(ARGV) do
  local known, allowed = pcall(redis.acl_check_cmd, unpack(cjson.decode(command)))
  if not known then refused[#refused + 1] = -place
  elseif not allowed then refused[#refused + 1] = place end
end
return refused
