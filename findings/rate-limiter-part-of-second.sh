#!/usr/bin/env bash
# rate-limiter-flexible 11.4.0 with Redis. Expected: `duration: 0.5` gives the points back after half a second, as its limiter in memory
# does; "keys never expire, if duration is 0".
# https://github.com/animir/node-rate-limiter-flexible/wiki/Options
# Seen: a duration is cut to whole seconds. 2.9 is 2, and everything below 1 is 0, which means never: whoever has used its points up
# is refused for good. So is one that is blocked with `blockDuration: 0.5`: its answer says that there are 500 ms to wait.
# For a memory: a limit that is meant to smooth a burst locks an agent out until somebody deletes its key.
# Here: not used; the windows of our limit are microseconds (src/coordination/redis/rate-limiter.ts).
# Needs Debian's redis-server (seen with 7.0.15) on the PATH.
set -eu
folder=$(mktemp -d)
cd "$folder"
redis-server --port 0 --unixsocket "$folder/redis" --save '' --appendonly no >redis.log 2>&1 &
redis=$!
trap 'kill $redis; wait $redis 2>/dev/null || true; rm -rf "$folder"' EXIT
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts rate-limiter-flexible@11.4.0 ioredis@5.11.1
cat >try.js <<'JS'
import { setTimeout } from 'node:timers/promises'
import Redis from 'ioredis'
import { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible'

const storeClient = new Redis({ path: `${process.cwd()}/redis` })
const refused = ({ msBeforeNext }) => `refused, ${msBeforeNext} ms`
async function afterwards(limiter, wait) {
  await limiter.consume('agent')
  const second = await limiter.consume('agent').then(() => 'taken', refused)
  await setTimeout(wait)
  return { second: second.split(',')[0], later: await limiter.consume('agent').then(() => 'taken', refused) }
}
const half = { points: 1, duration: 0.5 }
const seen = {
  memory: await afterwards(new RateLimiterMemory(half), 700),
  redis: await afterwards(new RateLimiterRedis({ ...half, storeClient, keyPrefix: 'half' }), 700),
}
const blocking = new RateLimiterRedis({ points: 1, duration: 1, blockDuration: 0.5, storeClient, keyPrefix: 'block' })
await blocking.consume('agent')
seen.blocked = await blocking.consume('agent').then(() => 'taken', refused)
await setTimeout(1500)
seen.afterBlock = (await storeClient.ttl('block:agent')) === -1 ? 'for good' : 'over'
storeClient.disconnect()
for (const [name, each] of Object.entries(seen)) console.log(name.padEnd(10), JSON.stringify(each))
const expected = {
  memory: { second: 'refused', later: 'taken' },
  redis: { second: 'refused', later: 'refused, -1 ms' },
  blocked: 'refused, 500 ms',
  afterBlock: 'for good',
}
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
