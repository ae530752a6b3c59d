-- lease/turn.lua. Needs begin, change, read, look.
-- Whether the turn of a request has come.
for _, waiter in ipairs(whose_turn()) do
  if waiter.request == req.request then return answer('yes') end
end
return answer('no')
