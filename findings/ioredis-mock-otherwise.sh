#!/usr/bin/env bash
# ioredis-mock 8.13.1 with ioredis 5.11.1, beside Redis. Expected: a command that the stand-in for tests knows answers and does what Redis
# does; one that it does not know it refuses ("Unsupported command").
# https://github.com/stipsan/ioredis-mock#readme
# Seen: commands it knows, with options it does not, are done without them. EXPIRE … NX sets the time again, SET … KEEPTTL takes it away;
# XADD gives another id than it was given and takes one that is older than the last. GET of a list is the list, INCR of a text is null.
# None of these is an error, and its table of commands has a tick at each.
# For a memory: a lock whose time is set anew by another, or is never over, passes the tests and fails where it is used, or the other way.
# Here: not used; tests have a Redis.
# Needs Debian's redis-server (seen with 7.0.15) on the PATH.
set -eu
command -v redis-server >/dev/null || { echo 'redis-server is missing'; exit 2; }
folder=$(mktemp -d)
cd "$folder"
redis-server --port 0 --unixsocket "$folder/redis" --save '' --appendonly no >redis.log 2>&1 &
redis=$!
trap 'kill $redis; wait $redis 2>/dev/null || true; rm -rf "$folder"' EXIT
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts ioredis@5.11.1 ioredis-mock@8.13.1
cat >try.js <<'JS'
import { Redis } from 'ioredis'
import Mock from 'ioredis-mock'

async function answers(redis) {
  await redis.set('lock', 'Ada', 'EX', 100)
  await redis.expire('lock', 500, 'NX')
  const prolonged = await redis.ttl('lock')
  await redis.set('lock', 'Ada', 'EX', 100)
  await redis.set('lock', 'Bob', 'KEEPTTL')
  const kept = await redis.ttl('lock')
  const added = [await redis.xadd('log', '5-1', 'text', 'first')]
  await redis.rpush('list', 'a')
  const outcome = (promise) => promise.catch((error) => error.message.split(' ').slice(0, 2).join(' '))
  added.push(await outcome(redis.xadd('log', '4-1', 'text', 'older')))
  return {
    prolonged,
    kept,
    added,
    list: await outcome(redis.get('list')),
    text: await outcome(redis.incr('lock')),
  }
}
const redis = new Redis(`${process.cwd()}/redis`)
const seen = { redis: await answers(redis), mock: await answers(new Mock()) }
await redis.quit()
console.log(JSON.stringify(seen, null, 1))
const expected = {
  redis: { prolonged: 100, kept: 100, added: ['5-1', 'ERR The'], list: 'WRONGTYPE Operation', text: 'ERR value' },
  mock: { prolonged: 500, kept: -1, added: ['5-1-0', '4-1-0'], list: ['a'], text: null },
}
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
