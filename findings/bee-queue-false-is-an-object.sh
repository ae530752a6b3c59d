#!/usr/bin/env bash
# bee-queue 2.0.0. Expected: a job's data is any value that JSON can write, and the worker is given what createJob() was.
# https://github.com/bee-queue/bee-queue#queueprototypecreatejobdata
# Seen: false, 0, null and an empty text arrive as an empty object; true, 1 and other texts as they are. An object that holds them is right.
# The waiting jobs are listed with the newest first, while the oldest is done first.
# For a memory: "set the flag to false" is worked off as an object, which counts as true.
# Here: not used.
# Needs Debian's redis-server (seen with 7.0.15) on the PATH.
set -eu
folder=$(mktemp -d)
cd "$folder"
redis-server --port 0 --unixsocket "$folder/redis" --save '' --appendonly no >redis.log 2>&1 &
redis=$!
trap 'kill $redis; wait $redis 2>/dev/null || true; rm -rf "$folder"' EXIT
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts bee-queue@2.0.0
cat >try.js <<'JS'
import BeeQueue from 'bee-queue'

const queue = new BeeQueue('flags', { redis: { path: `${process.cwd()}/redis` } })
const given = [true, false, 1, 0, null, '', 'text', { isOn: false }]
for (const value of given) await queue.createJob(value).save()
const listed = (await queue.getJobs('waiting', { start: 0, end: 20 })).map(({ data }) => JSON.stringify(data))
const worked = []
await new Promise((resolve) => {
  queue.process(async ({ data }) => {
    worked.push(JSON.stringify(data))
    if (worked.length === given.length) resolve()
  })
})
console.log(`given:  ${given.map((value) => JSON.stringify(value)).join(' ')}\nworked: ${worked.join(' ')}\nlisted: ${listed.join(' ')}`)
const expected = ['true', '{}', '1', '{}', '{}', '{}', '"text"', '{"isOn":false}']
const isAsDescribed = worked.join() === expected.join() && listed.join() === expected.toReversed().join()
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
