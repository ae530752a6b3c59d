#!/usr/bin/env bash
# bullmq 6.7.0. Expected: add() answers with the job that is in the queue. A second job with an id that is there is not added, as its guide
# says; then the answer is the first one, or says so. What a worker throws is the reason that is kept.
# https://docs.bullmq.io/guide/jobs/job-ids
# Seen: the answer to the second add() is a job with the new data, while the queue has, and works on, the old data. Jobs that are done are
# kept unless told otherwise, so the same holds after the first has been worked off, for good: the second is never done. A text that is thrown
# is kept as the reason "null".
# For a memory: an entry that is queued for its vector again, under its own id, is answered as queued and keeps the vector of its first
# version.
# Here: not used.
# Needs Debian's redis-server (seen with 7.0.15) on the PATH.
set -eu
folder=$(mktemp -d)
cd "$folder"
redis-server --port 0 --unixsocket "$folder/redis" --save '' --appendonly no >redis.log 2>&1 &
redis=$!
trap 'kill $redis; wait $redis 2>/dev/null || true; rm -rf "$folder"' EXIT
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts bullmq@6.7.0 ioredis@6.0.0
cat >try.js <<'JS'
import { once } from 'node:events'
import { Queue, Worker } from 'bullmq'

const connection = { path: `${process.cwd()}/redis`, maxRetriesPerRequest: null }
const queue = new Queue('entries', { connection })
const worked = []
const answers = [await queue.add('embed', 'first version', { jobId: 'entry-7' }), await queue.add('embed', 'second version', { jobId: 'entry-7' })]
const inQueue = (await queue.getWaiting()).map(({ data }) => data)
const worker = new Worker('entries', async ({ data }) => void worked.push(data), { connection, autorun: false })
const drained = once(worker, 'completed')
worker.run()
await drained
answers.push(await queue.add('embed', 'third version', { jobId: 'entry-7' }))
const left = await queue.getWaitingCount()
await worker.close()
const other = new Queue('other', { connection })
const job = await other.add('embed', 'x')
const failing = new Worker('other', async () => Promise.reject('no model'), { connection, autorun: false })
const failed = once(failing, 'failed')
failing.run()
await failed
await failing.close()
const { failedReason } = await other.getJob(job.id)
await Promise.all([queue.close(), other.close()])
const seen = { answers: answers.map(({ data }) => data), inQueue, worked, left, failedReason }
console.log(JSON.stringify(seen, null, 1))
const expected = {
  answers: ['first version', 'second version', 'third version'],
  inQueue: ['first version'],
  worked: ['first version'],
  left: 0,
  failedReason: 'null',
}
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
