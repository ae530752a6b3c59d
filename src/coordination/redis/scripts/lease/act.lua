-- lease/act.lua. Needs all that the acts need. Answers the replies in a list.
-- The requests from the first one on that has no shortcut.
for i = #replies + 1, #requests do
  req = requests[i]
  replies[i] = shortcut() or req.act == 'acquire' and acquire() or claim()
end
if is_due then forget_old() end
return replies
