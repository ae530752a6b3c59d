#!/usr/bin/env bash
# pg-boss 12.38.0 on PostgreSQL. Expected: the jobs of a batch come in the order in which they were sent, and those of a higher priority first:
# "jobs are fetched in the order they were created" is said of fetch(), as of its `priority`, and both are on unless switched off.
# https://github.com/timgit/pg-boss/blob/master/docs/api/jobs.md#fetchname-options
# Seen: one by one they do. With a `batchSize` the right jobs are chosen, and handed over in an order of chance, another one each time: eight
# sent as 1 to 8 come as 8, 4, 2, 5 …, and the most urgent one anywhere. work() hands its batches on as they are.
# For a memory: of two changes of one note the older is made last, and stays; it happens with a full queue only.
# Here: not used. The server is PGlite, a PostgreSQL in a package.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true,"allowScripts":{"node":true}}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts pg-boss@12.38.0 @electric-sql/pglite@0.5.14
npm install --silent --no-audit --no-fund --ignore-scripts=false node@24.21.0
cat >try.js <<'JS'
import { PGlite } from '@electric-sql/pglite'
import { PgBoss } from 'pg-boss'

const lite = await PGlite.create()
const db = {
  async executeSql(text, values) {
    if (values?.length) return lite.query(text, values)
    return { rows: (await lite.exec(text)).flatMap(({ rows }) => rows) }
  },
}
const boss = new PgBoss({ db, supervise: false, schedule: false })
await boss.start()
const sent = Array.from({ length: 16 }, (_, index) => index + 1)
async function fetched(name, batchSize, priority) {
  await boss.createQueue(name)
  for (const place of sent) await boss.send(name, { place }, { priority: priority(place) })
  const places = []
  while (places.length < sent.length) for (const { data } of await boss.fetch(name, { batchSize })) places.push(data.place)
  const isWhole = [...places].sort((a, b) => a - b).join() === sent.join()
  return { places: places.join(' '), isWhole }
}
const seen = {
  oneByOne: await fetched('one-by-one', 1, () => 0),
  byPriority: await fetched('by-priority', 1, (place) => place),
  batch: await fetched('batch', 16, () => 0),
  sameBatch: await fetched('same-batch', 16, () => 0),
  batchByPriority: await fetched('batch-by-priority', 16, (place) => place),
}
await boss.stop({ graceful: false })
await lite.close()
console.log(JSON.stringify(seen, null, 1))
const [up, down] = [sent.join(' '), sent.toReversed().join(' ')]
const { oneByOne, byPriority, batch, sameBatch, batchByPriority } = seen
const isAsDescribed =
  Object.values(seen).every(({ isWhole }) => isWhole) &&
  oneByOne.places === up &&
  byPriority.places === down &&
  batch.places !== up &&
  batch.places !== sameBatch.places &&
  batchByPriority.places !== down
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node_modules/.bin/node try.js
