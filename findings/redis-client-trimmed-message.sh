#!/usr/bin/env bash
# @redis/client 6.3.1. Expected: a consumer that comes back reads its pending messages (XREADGROUP with 0 for the id); one that has been
# trimmed from the stream meanwhile (MAXLEN) has no fields any more, which Redis answers as nil, and the others are there.
# Seen: the whole read is rejected with a TypeError of the client's own ("Cannot read properties of null"): none of the pending messages
# can be read, again and again. ioredis gives null for the one and the fields of the other.
# Here: no stream has a group.
# Needs Debian's redis-server (seen with 7.0.15) on the PATH.
set -eu
folder=$(mktemp -d)
cd "$folder"
redis-server --port 0 --unixsocket "$folder/redis" --save '' --appendonly no >redis.log 2>&1 &
redis=$!
trap 'kill $redis; wait $redis 2>/dev/null || true; rm -rf "$folder"' EXIT
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts @redis/client@6.3.1 ioredis@5.11.1
cat >try.js <<'JS'
import { createClient } from '@redis/client'
import Redis from 'ioredis'

const path = `${process.cwd()}/redis`
const client = await createClient({ socket: { path } }).connect()
await client.xGroupCreate('jobs', 'workers', '0', { MKSTREAM: true })
for (const task of ['one', 'two']) await client.xAdd('jobs', '*', { task })
const read = (id) => client.xReadGroup('workers', 'me', { key: 'jobs', id })
const first = (await read('>'))[0].messages.length
await client.xTrim('jobs', 'MAXLEN', 1)
const again = await read('0').then(() => 'read', (error) => error.message)
const other = new Redis({ path })
const [[, messages]] = await other.xreadgroup('GROUP', 'workers', 'me', 'STREAMS', 'jobs', '0')
other.disconnect()
client.destroy()
const seen = { first, again, ioredis: messages.map(([, fields]) => fields) }
console.log(JSON.stringify(seen))
const isAsDescribed =
  first === 2 && /^Cannot read properties of null/.test(again) && JSON.stringify(seen.ioredis) === '[null,["task","two"]]'
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
