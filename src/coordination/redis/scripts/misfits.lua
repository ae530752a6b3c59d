-- Removes keys of ours that hold another type than ours: nothing of ours is in them, and every script would fail on them.
-- KEYS hashes, then sorted sets. ARGV number of the hashes. Answers the places of those removed.
local removed = {}
for place, key in ipairs(KEYS) do
  local probe = place <= tonumber(ARGV[1]) and { 'HGET', key, '' } or { 'ZCOUNT', key, '0', '0' }
  local answer = redis.pcall(unpack(probe))
  if type(answer) == 'table' and answer.err and string.find(answer.err, 'WRONGTYPE', 1, true) then
    redis.call('DEL', key)
    removed[#removed + 1] = place
  end
end
return removed
