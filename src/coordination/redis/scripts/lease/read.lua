-- lease/read.lua: what a text in Redis says of a lease, whoever wrote it.
-- Needs begin, change. Gives parse.
local AGENT_BYTES = 256
local function is_name(value)
  return type(value) == 'string' and #value > 0 and #value <= AGENT_BYTES and not value:find('%z')
end

local function is_token(value)
  -- One that no epoch so far can have given counts as none.
  return type(value) == 'string' and #value <= 16 and value:match('^%d+$') ~= nil and
    tonumber(value) < (tonumber(EPOCH) + 1) * EPOCH_WIDTH
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
