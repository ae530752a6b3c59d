-- lease/leave.lua. Needs begin, change, read, look.
-- Gives up the places of a request.
leave()
return answer('done')
