-- Counts a call, unless a limit refuses it: then nothing is counted. KEYS one for each limit. ARGV window in µs, then the limits.
-- A key says when a whole window's calls are free again (µs of Redis TIME); while there is none they are.
-- Answers the place of the limit that refuses (0: none) and after how many ms there is room.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local window = tonumber(ARGV[1])
local after = {}
for i, key in ipairs(KEYS) do
  -- A clock that was set back must not refuse for longer than a window.
  local kept = redis.pcall('GET', key)
  local free_at = type(kept) == 'string' and tonumber(kept) or 0
  -- What is no number is as good as none ('nan' is not even that).
  free_at = free_at > 0 and math.min(free_at, now + window) or 0
  after[i] = math.max(free_at, now) + math.floor(window / tonumber(ARGV[i + 1]))
  local wait = after[i] - now - window
  if wait > 0 then return { i, math.ceil(wait / 1000) } end
end
for i, key in ipairs(KEYS) do
  redis.call('SET', key, string.format('%.0f', after[i]), 'PX', math.ceil((after[i] - now) / 1000))
end
return { 0, 0 }
