-- Ends the live lease on a path, whoever has it.
local lease, is_live = find(req.paths[1])
if not is_live then return answer('none') end
drop(lease, 'forced')
wake(req.paths)
return lasting(answer('done', { lease }))
