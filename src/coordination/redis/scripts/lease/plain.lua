-- lease/plain.lua: what most checkouts and checkins find, those of a whole call in a few commands: no waiter, paths that are free and
-- were given back, leases that stand here as this instance granted them. Where that is all of the call, the script ends here: Redis
-- runs it from its first line, and the rest is not even defined.
-- ARGV from 11: key of the answer for a retry ('' for none); then of each request in turn '' where it is none of these, or
-- 'acquire', agent, ms, the end of the lease's text, number of paths, the paths, or
-- 'release', agent, number of paths, each path and the text of its lease. Agents and paths need no escapes in JSON.
-- Needs of call: META, LEASES, INDEX, WAITERS, OUTBOX, DONE_MS, now, recover_until, int, lock_key, above_epoch.
-- Gives: CLEAN_EVERY, requests, replies, is_due.
local CLEAN_EVERY, TRIM_EVERY, OUTBOX_KEPT = 256, 100, 10000
-- The number of the first change of each request that was done here, false of the others; behind them the time. Whether what
-- ran out long ago is to be forgotten after this.
local replies, count, is_open, is_due = {}, 0, false, false
local is_kept, kept = false, ARGV[9] == '1' and ARGV[11] ~= '' and redis.call('GET', ARGV[11])
if kept then is_kept, kept = pcall(cjson.decode, kept) end
if is_kept and type(kept) == 'table' then
  -- Tried again after a lost answer.
  replies, count = kept, #kept - 1
  for _, reply in ipairs(kept) do is_open = is_open or not reply end
else
  -- Of two requests on one path the later one is none of these.
  local granted, released, keys, paths, touched, changes = {}, {}, { WAITERS }, {}, {}, 0
  local at = 12
  while ARGV[at] do
    count = count + 1
    replies[count] = false
    local kind, first, step, length = ARGV[at], at + 1, 1, 0
    if kind == 'acquire' then first, length = at + 5, tonumber(ARGV[at + 4])
    elseif kind == 'release' then first, step, length = at + 3, 2, tonumber(ARGV[at + 2]) end
    local last = first + step * length - 1
    local is_plain = length > 0 and (kind == 'release' or recover_until <= now)
    for i = first, last, step do
      local path = ARGV[i]
      if touched[path] or step == 2 and redis.pcall('GET', lock_key(path)) ~= ARGV[i + 1] then is_plain = false end
      touched[path] = true
    end
    if is_plain then
      local request = { place = count, at = at, first = first, last = last }
      changes = changes + length
      if kind == 'release' then released[#released + 1] = request
      else
        granted[#granted + 1] = request
        for i = first, last do keys[#keys + 1], paths[#paths + 1] = lock_key(ARGV[i]), ARGV[i] end
      end
    end
    at = last + 1
  end

  -- Not those whose paths are taken, or were not given back; with a waiter, none.
  local noted = #paths > 0 and redis.call('HMGET', LEASES, unpack(paths)) or {}
  local is_noted = false
  for i = 1, #noted do is_noted = is_noted or noted[i] end
  if redis.call('EXISTS', unpack(keys)) > 0 or is_noted then
    local taken, free = {}, {}
    for i, path in ipairs(paths) do taken[path] = noted[i] or redis.call('EXISTS', keys[i + 1]) == 1 end
    for _, request in ipairs(granted) do
      local is_free = true
      for i = request.first, request.last do is_free = is_free and not taken[ARGV[i]] end
      if is_free then free[#free + 1] = request else changes = changes - (request.last - request.first + 1) end
    end
    granted = free
    if redis.call('EXISTS', WAITERS) == 1 then changes = 0 end
  end

  if changes > 0 then
    local index, gone, gone_keys, rows, leases = {}, {}, {}, {}, {}
    for _, request in ipairs(released) do
      for i = request.first, request.last, 2 do gone[#gone + 1], gone_keys[#gone_keys + 1] = ARGV[i], lock_key(ARGV[i]) end
    end
    -- A full Redis refuses what takes memory unless the script has written before: checkins make room, a checkout is refused.
    if #granted == 0 then redis.call('ZREM', INDEX, unpack(gone)) end
    local latest = redis.call('HINCRBY', META, 'change', changes)
    local number = latest - changes
    -- The number that a change of holder has in the outbox; that of a grant is its fencing token.
    local function next_seq()
      number = number + 1
      return int(above_epoch(number))
    end
    local function row(seq, kind, agent, path, text)
      rows[#rows + 1] = seq
      rows[#rows + 1] = '{"seq": ' .. seq .. ', "type": "lock.' .. kind .. '", "agent_id": "' .. agent .. '", "path": "' .. path ..
        '", "lease": ' .. text .. '}'
    end
    -- Before the grants: what a call gives back and takes are different paths, and later numbers are those of locks that live.
    for _, request in ipairs(released) do
      replies[request.place] = number + 1
      for i = request.first, request.last, 2 do row(next_seq(), 'released', ARGV[request.at + 1], ARGV[i], ARGV[i + 1]) end
    end
    for _, request in ipairs(granted) do
      replies[request.place] = number + 1
      local agent, ttl_ms, ends = ARGV[request.at + 1], ARGV[request.at + 2], ARGV[request.at + 3]
      local expires = int(now + tonumber(ttl_ms))
      local begins = '{"agent_id": "' .. agent .. '", "expires": ' .. expires .. ', "fencing_token": "'
      ends = '", "ttl_ms": ' .. ttl_ms .. ', "acquired_at": ' .. int(now) .. ends
      for i = request.first, request.last do
        local path, seq = ARGV[i], next_seq()
        local text = begins .. seq .. ends
        row(seq, 'acquired', agent, path, text)
        index[#index + 1], index[#index + 2] = expires, path
        leases[#leases + 1], leases[#leases + 2] = path, text
      end
    end
    -- The index and the outbox come before the locks: where one of them is no sorted set, nothing is done.
    if #granted > 0 then
      redis.call('ZADD', INDEX, unpack(index))
      if #gone > 0 then redis.call('ZREM', INDEX, unpack(gone)) end
    end
    redis.call('ZADD', OUTBOX, unpack(rows))
    if math.floor(latest / TRIM_EVERY) > math.floor((latest - changes) / TRIM_EVERY) then
      redis.call('ZREMRANGEBYRANK', OUTBOX, 0, -OUTBOX_KEPT - 1)
    end
    if #granted > 0 then redis.call('HSET', LEASES, unpack(leases)) end
    for i = 1, #leases, 2 do
      local key, expires = lock_key(leases[i]), index[i]
      -- To the moment that the lease says: by what is left it would be later on a server that halted meanwhile.
      if redis.pcall('SET', key, leases[i + 1], 'PXAT', expires).err then
        -- Before Redis 6.2.
        redis.call('SET', key, leases[i + 1])
        redis.call('PEXPIREAT', key, expires)
      end
    end
    if #gone > 0 then
      redis.call('DEL', unpack(gone_keys))
      redis.call('HDEL', LEASES, unpack(gone))
      replies[count + 1] = now
      redis.call('SET', ARGV[11], cjson.encode(replies), 'PX', DONE_MS)
    end
    is_due = math.floor(latest / CLEAN_EVERY) > math.floor((latest - changes) / CLEAN_EVERY)
  end
  for _, reply in ipairs(replies) do is_open = is_open or not reply end
end
-- That of the first try, where it was tried again.
replies[count + 1] = replies[count + 1] or now
if not is_open and not is_due then return replies end
local requests = cjson.decode(ARGV[10])
