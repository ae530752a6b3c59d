-- Gives up the places of a request.
leave()
return answer('done')
