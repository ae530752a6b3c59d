#!/usr/bin/env bash
# ioredis 5.11.1. Expected: with `keyPrefix` the key of every command gets the prefix.
# Seen: of commands with a subcommand it does not: XGROUP, XINFO, OBJECT and MEMORY go to the key without it. `XGROUP CREATE jobs …
# MKSTREAM` makes a stream beside the one that XADD wrote, the consumer's XREADGROUP is refused with NOGROUP, and OBJECT ENCODING says
# that a key which is there is not.
# Here: keys are written out in full (src/coordination/redis/keys.ts).
# Needs Debian's redis-server (seen with 7.0.15) on the PATH.
set -eu
folder=$(mktemp -d)
cd "$folder"
redis-server --port 0 --unixsocket "$folder/redis" --save '' --appendonly no >redis.log 2>&1 &
redis=$!
trap 'kill $redis; wait $redis 2>/dev/null || true; rm -rf "$folder"' EXIT
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts ioredis@5.11.1
cat >try.js <<'JS'
import Redis from 'ioredis'

const path = `${process.cwd()}/redis`
const [plain, prefixed] = [new Redis({ path }), new Redis({ path, keyPrefix: 'app:' })]
await prefixed.xadd('jobs', '*', 'task', 'one')
await prefixed.xgroup('CREATE', 'jobs', 'workers', '0', 'MKSTREAM')
const read = prefixed.xreadgroup('GROUP', 'workers', 'me', 'STREAMS', 'jobs', '>')
const answer = await read.then(() => 'read', ({ message }) => message.split(' ')[0])
await prefixed.set('count', 1)
const seen = {
  keys: (await plain.keys('*')).toSorted(),
  read: answer,
  exists: await prefixed.exists('count'),
  encoding: await prefixed.object('ENCODING', 'count'),
  usage: await prefixed.memory('USAGE', 'count'),
}
plain.disconnect()
prefixed.disconnect()
console.log(JSON.stringify(seen))
const expected = { keys: ['app:count', 'app:jobs', 'jobs'], read: 'NOGROUP', exists: 1, encoding: null, usage: null }
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
