-- lease/settle.lua. Needs begin, change. Lets new grants begin after req.recover_ms at the latest, which the database gave.
begin_writing()
if recover_until - now > req.recover_ms then redis.call('HSET', META, 'recover_until', int(now + req.recover_ms)) end
return answer('done')
