-- lease/force.lua. Needs begin, change, read, look.
-- Ends the live lease on a path, whoever has it; but none that was granted after this was asked for. (One that a person put
-- tells no time.)
redis.call('HGET', WAITERS, '')
local lease, is_live = find(req.paths[1])
local is_later = is_live and lease.via ~= '' and req.asked_by and lease.acquired_at > req.asked_by and lease.acquired_at <= now
if not is_live or is_later then return answer('none') end
drop(lease, 'forced')
wake(req.paths)
return lasting(answer('done', { lease }))
