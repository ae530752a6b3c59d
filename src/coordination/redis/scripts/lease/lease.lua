-- lease/lease.lua: one lease: what its text in Redis says, how it is written, told of and answered.
-- Needs of call: META, LEASES, INDEX, OUTBOX, INSTANCE, CHANNEL, LONGEST_MS, LATEST_MS, DONE_MS, NEXT_EPOCH, req, now, junk, int,
-- lock_key, within, above_epoch.
-- Gives: HALT_MS, told, is_name, parse, changed, begin_writing, make_room, next_change, tell, index, note, forget, tell_gone,
-- take_over, store, put, drop, answer, done_before, lasting.
local AGENT_BYTES = 256
local function is_name(value)
  return type(value) == 'string' and #value > 0 and #value <= AGENT_BYTES and not value:find('%z')
end

local function is_token(value)
  -- One that no epoch so far can have given counts as none.
  return type(value) == 'string' and #value <= 16 and value:match('^%d+$') ~= nil and
    tonumber(value) < NEXT_EPOCH
end

local function is_ours(found)
  return type(found) == 'table' and is_name(found.agent_id) and within(found.expires, 0, LATEST_MS) and
    is_token(found.fencing_token) and within(found.ttl_ms, 0, LONGEST_MS) and within(found.acquired_at, 0, LATEST_MS) and
    type(found.request) == 'string' and type(found.via) == 'string' and
    (found.asked == nil or type(found.asked) == 'number') and (found.purpose == nil or type(found.purpose) == 'string')
end

-- Whatever stands there: a person may have written it.
local function repaired(found, path)
  local function text_of(value, default)
    if type(value) == 'string' then return value end
    return type(value) == 'number' and int(value) or default
  end
  local function number_of(value, most)
    local number = tonumber(text_of(value))
    return within(number, 0, most) and number or nil
  end
  if type(found) ~= 'table' then found = {} end
  local agent, token = text_of(found.agent_id), text_of(found.fencing_token, '0')
  local expires = number_of(found.expires, LATEST_MS) or now
  return {
    path = path,
    agent_id = is_name(agent) and agent or 'unknown',
    expires = expires,
    fencing_token = is_token(token) and token or '0',
    ttl_ms = number_of(found.ttl_ms, LONGEST_MS) or math.min(math.max(expires - now, 0), LONGEST_MS),
    acquired_at = number_of(found.acquired_at, LATEST_MS) or now,
    request = text_of(found.request, ''),
    via = text_of(found.via, ''),
    purpose = type(found.purpose) == 'string' and found.purpose or nil,
    ended = found.ended == true,
    is_foreign = true,
    is_unreadable = not is_name(found.agent_id),
  }
end

local function parse(text, path)
  local ok, found = pcall(cjson.decode, text)
  if not ok or not is_ours(found) then return repaired(ok and found, path) end
  found.path, found.text = path, text
  return found
end

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

-- Written once for all the places it goes to; code that changes a lease calls `changed`.
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

-- A full Redis refuses what takes memory unless the script has written before: so the holder of a lock can
-- renew it and give it back, which makes room. A new lock is refused.
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
  return int(above_epoch(told))
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

-- A retry after a lost answer gets that answer.
local function done_before()
  local done = req.done_key and ARGV[9] == '1' and redis.call('GET', req.done_key)
  if not done then return nil end
  local is_readable, reply = pcall(cjson.decode, done)
  return is_readable and type(reply) == 'table' and reply[4] and reply
end

-- For what must not be done twice.
local function lasting(reply)
  if req.done_key then redis.call('SET', req.done_key, cjson.encode(reply), 'PX', int(DONE_MS)) end
  return reply
end
