#!/usr/bin/env bash
# redis-semaphore 5.8.0. Expected: a Semaphore of two lets in two at a time, whoever asks: a third acquire() waits, as a second one of
# a Mutex does.
# Seen: an instance counts once, however often it is acquired. Five acquire() of one instance of two all succeed and take one place;
# the first release() gives that place away, while four are still at work. Only an instance for each use keeps to the number.
# Here: not used.
# Needs Debian's redis-server (seen with 7.0.15) on the PATH.
set -eu
command -v redis-server >/dev/null || { echo 'redis-server is missing'; exit 2; }
folder=$(mktemp -d)
cd "$folder"
redis-server --port 0 --unixsocket "$folder/redis" --save '' --appendonly no >redis.log 2>&1 &
redis=$!
trap 'kill $redis; wait $redis 2>/dev/null || true; rm -rf "$folder"' EXIT
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts redis-semaphore@5.8.0 ioredis@6.0.0
cat >try.js <<'JS'
import { Redis } from 'ioredis'
import { Mutex, Semaphore } from 'redis-semaphore'

const redis = new Redis(`${process.cwd()}/redis`)
const options = { acquireAttemptsLimit: 1 }
async function outcome(locks) {
  const acquired = []
  for (const lock of locks) acquired.push(await lock.tryAcquire())
  const places = await redis.zcard('semaphore:search')
  await locks[0].release()
  const left = await redis.zcard('semaphore:search')
  await Promise.all(locks.map((lock) => lock.release()))
  return { acquired: acquired.filter(Boolean).length, places, left }
}
const semaphore = () => new Semaphore(redis, 'search', 2, options)
const mutex = new Mutex(redis, 'search', options)
const seen = {
  instances: await outcome(Array.from({ length: 5 }, semaphore)),
  oneInstance: await outcome(Array(5).fill(semaphore())),
  mutex: (await outcome(Array(5).fill(mutex))).acquired,
}
await redis.quit()
console.log(JSON.stringify(seen))
const expected = {
  instances: { acquired: 2, places: 2, left: 1 },
  oneInstance: { acquired: 5, places: 1, left: 0 },
  mutex: 1,
}
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
