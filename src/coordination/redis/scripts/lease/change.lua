-- lease/change.lua: how leases are written, told of and answered.
-- Needs begin. Gives encode, entry, next_change, tell, put, note, forget, drop, take_over, answer, lasting.
local function quote(text) return (cjson.encode(text):gsub('\\/', '/')) end

-- cjson writes fields in no order; the guide's two come first.
local function written(lease)
  local text = '{"agent_id": ' .. quote(lease.agent_id) .. ', "expires": ' .. int(lease.expires) ..
    ', "fencing_token": "' .. lease.fencing_token .. '", "ttl_ms": ' .. int(lease.ttl_ms) ..
    ', "acquired_at": ' .. int(lease.acquired_at) .. ', "request": ' .. quote(lease.request) .. ', "via": ' .. quote(lease.via)
  if lease.asked then text = text .. ', "asked": ' .. int(lease.asked) end
  if lease.purpose then text = text .. ', "purpose": ' .. quote(lease.purpose) end
  if lease.extended then text = text .. ', "extended": true' end
  if lease.ended then text = text .. ', "ended": true' end
  return text .. '}'
end

-- Written once for all the places it goes to; whoever changes a lease calls `changed`.
local function encode(lease)
  lease.text = lease.text or written(lease)
  return lease.text
end

local function changed(lease) lease.text, lease.entry = nil, nil end

-- A lease and its path, as fields.
local function entry(lease)
  lease.entry = lease.entry or '"path": ' .. quote(lease.path) .. ', "lease": ' .. encode(lease)
  return lease.entry
end

-- A number that grows for ever: an epoch's begin above all of the one before.
local function above_epoch(count) return int(tonumber(EPOCH) * EPOCH_WIDTH + count) end

-- A full Redis refuses what takes memory unless the script has written before: so whoever has a lock can renew it and give it
-- back, which makes room. Who wants a new one is refused.
local has_room = false
local function make_room()
  if not has_room then redis.call('DEL', LEASES .. ':sorted') end
  has_room = true
end

local function begin_writing()
  if req.act ~= 'acquire' then make_room() end
end

local OUTBOX_KEPT = 10000
local told = 0
-- The number of the next change of a holder; that of a grant is its fencing token.
local function next_change()
  begin_writing()
  told = redis.call('HINCRBY', META, 'change', 1)
  return above_epoch(told)
end

-- Says that a holder changed: in the same step as the change itself, so that neither is without the other.
local function tell(kind, lease, agent, number)
  number = number or next_change()
  local text = '{"seq": ' .. number .. ', "type": "lock.' .. kind .. '", "agent_id": ' .. quote(agent) .. ', ' .. entry(lease)
  if req.reason then text = text .. ', "reason": ' .. quote(req.reason) end
  redis.call('ZADD', OUTBOX, number, text .. '}')
  if told % 100 == 0 then redis.call('ZREMRANGEBYRANK', OUTBOX, 0, -OUTBOX_KEPT - 1) end
end

-- What is left of a key's time is by a clock that has gone on since `now`.
local HALT_MS = 100

-- The index and the outbox come before the lock itself: where one of them is no sorted set, nothing is done.
local function index(lease)
  begin_writing()
  redis.call('ZADD', INDEX, int(lease.expires), lease.path)
end

local function note(lease)
  index(lease)
  redis.call('HSET', LEASES, lease.path, encode(lease))
end

local function forget(path)
  redis.call('ZREM', INDEX, path)
  redis.call('HDEL', LEASES, path)
end

-- The instance that granted the lease is not to put it back any more.
local function tell_gone(lease)
  if lease.via ~= '' then
    redis.call('PUBLISH', CHANNEL, 'gone ' .. lease.via .. ' ' .. lease.fencing_token .. ' ' .. lease.path)
  end
end

-- This instance looks after the lease from now on; another one that did stops.
local function take_over(lease)
  if lease.via == INSTANCE then return end
  tell_gone(lease)
  changed(lease)
  lease.via = INSTANCE
end

local function store(lease)
  redis.call('HSET', LEASES, lease.path, encode(lease))
  redis.call('SET', lock_key(lease.path), encode(lease))
  -- To the moment that the lease says: by what is left it would be later on a server that halted meanwhile.
  redis.call('PEXPIREAT', lock_key(lease.path), int(lease.expires))
end

local function put(lease)
  changed(lease)
  index(lease)
  store(lease)
end

local function drop(lease, how)
  take_over(lease)
  -- Takes no memory, and so makes room as well as make_room does.
  redis.call('ZREM', INDEX, lease.path)
  has_room = true
  tell(how, lease, req.agent_id)
  redis.call('DEL', lock_key(lease.path))
  redis.call('HDEL', LEASES, lease.path)
end

-- Lists go as JSON texts, since Lua cannot tell an empty list from an empty object.
local function leases_json(leases)
  local parts = {}
  for i, lease in ipairs(leases) do
    parts[i] = '{' .. entry(lease) .. '}'
  end
  return '[' .. table.concat(parts, ',') .. ']'
end

local function answer(kind, leases, extra)
  local unreadable = junk and cjson.encode(junk) or ''
  junk = nil
  return { kind, leases_json(leases or {}), extra or '{}', int(now), int(told), unreadable }
end

-- For what must not be done twice.
local function lasting(reply)
  if req.done_key then redis.call('SET', req.done_key, cjson.encode(reply), 'PX', int(DONE_MS)) end
  return reply
end
