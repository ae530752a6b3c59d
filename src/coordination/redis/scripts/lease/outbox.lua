-- lease/outbox.lua. Needs begin. Answers the first changes of holders, each after its number, and the number of the last change:
-- none that is ours has a later one.
local AT_ONCE = 200
local rows = redis.call('ZRANGEBYSCORE', OUTBOX, '-inf', '+inf', 'WITHSCORES', 'LIMIT', 0, AT_ONCE)
return { rows, int(tonumber(EPOCH) * EPOCH_WIDTH + changes) }
