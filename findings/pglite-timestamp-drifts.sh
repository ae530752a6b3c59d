#!/usr/bin/env bash
# @electric-sql/pglite 0.5.14. Expected: a Date that is written to a `timestamp` column is read as the same Date, as with pg, and
# whatever is read can be written back.
# https://pglite.dev/docs/api
# Seen: it is written as the time in UTC, whose zone the column drops, and read as a time of the process' own zone. In New York noon
# comes back as 17:00, and each further reading and writing adds five hours more; in UTC, where servers and tests run, all is well.
# pg 8.23.1 through the socket of the same database gives back noon; a `timestamptz` is right with both.
# For a memory: on a developer's machine each update of an entry moves the times that it only carried along.
# Here: no column is a timestamp (src/store/postgres/).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts pg@8.23.1 @electric-sql/pglite@0.5.14 @electric-sql/pglite-socket@0.2.17
cat >try.js <<'JS'
import { PGlite } from '@electric-sql/pglite'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'
import pg from 'pg'

async function carried(client, type) {
  const hours = []
  let at = new Date('2026-11-29T12:00:00Z')
  for (let i = 0; i < 2; i++) {
    at = (await client.query(`select $1::${type} as at`, [at])).rows[0].at
    hours.push(at.toISOString().slice(8, 16))
  }
  return hours
}
const db = await PGlite.create()
const seen = { pglite: await carried(db, 'timestamp'), pgliteZoned: await carried(db, 'timestamptz') }
const server = new PGLiteSocketServer({ db, port: 0, host: '127.0.0.1' })
await server.start()
const port = Number(server.getServerConn().split(':').pop())
const client = new pg.Client({ host: '127.0.0.1', port, user: 'postgres', database: 'postgres' })
await client.connect()
seen.pg = await carried(client, 'timestamp')
await client.end()
await server.stop()
await db.close()
console.log(JSON.stringify(seen))
const noon = ['29T12:00', '29T12:00']
const expected = { pglite: ['29T17:00', '29T22:00'], pgliteZoned: noon, pg: noon }
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
TZ=America/New_York node try.js
