-- What this user may not do. ARGV each a command with its arguments, as a JSON array. Answers the places of
-- those refused. Before Redis 7 rights cannot be asked for: then each command says so itself when its time
-- comes.
if not redis.acl_check_cmd then return {} end
local refused = {}
for place, command in ipairs(ARGV) do
  local known, allowed = pcall(redis.acl_check_cmd, unpack(cjson.decode(command)))
  if known and not allowed then refused[#refused + 1] = place end
end
return refused
