#!/usr/bin/env bash
# @redis/client 6.3.1 with `clientSideCache`. Expected: a command that is sent after another on the same connection sees what that one
# did, with the cache as without it.
# Seen: a get that is queued behind a set of the same client answers the old value out of the cache, before the set has been carried
# out; and after select() of another database a get still answers the value of the first one.
# Here: the client's own cache is not switched on.
# Needs Debian's redis-server (seen with 7.0.15) on the PATH.
set -eu
folder=$(mktemp -d)
cd "$folder"
redis-server --port 0 --unixsocket "$folder/redis" --save '' --appendonly no >redis.log 2>&1 &
redis=$!
trap 'kill $redis; wait $redis 2>/dev/null || true; rm -rf "$folder"' EXIT
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts @redis/client@6.3.1
cat >try.js <<'JS'
import { createClient } from '@redis/client'

const socket = { path: `${process.cwd()}/redis` }
async function outcome(options) {
  const client = await createClient({ socket, RESP: 3, ...options }).connect()
  await client.flushAll()
  await client.set('key', 'old')
  await client.get('key')
  const [, queued] = await Promise.all([client.set('key', 'new'), client.get('key')])
  await client.get('key')
  await client.select(1)
  const elsewhere = await client.get('key')
  client.destroy()
  return { queued, elsewhere }
}
const cache = { ttl: 0, maxEntries: 0, evictPolicy: 'LRU' }
const seen = { without: await outcome({}), cached: await outcome({ clientSideCache: cache }) }
console.log(JSON.stringify(seen))
const expected = { without: { queued: 'new', elsewhere: null }, cached: { queued: 'old', elsewhere: 'new' } }
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
