-- lease/act-shortcut.lua. Needs begin, acquire-free, release-own. Gives shortcut, requests, replies.
-- Acquires, renews or releases (the `act` of each request), one request after the other. This is the shortcut for what most of
-- them come down to; the rest of the script is not even defined where all of them do.
local requests, replies = req, {}
local function shortcut()
  if req.act == 'acquire' then return acquire_free() end
  return done_before() or req.act == 'release' and release_own() or nil
end
for i, request in ipairs(requests) do
  req = request
  replies[i] = shortcut()
  if not replies[i] then break end
end
if #replies == #requests and not is_due then return replies end
