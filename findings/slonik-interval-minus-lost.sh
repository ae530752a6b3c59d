#!/usr/bin/env bash
# slonik 49.10.9, a PostgreSQL client. Expected: an interval is read as its seconds, as the preset parser for it says, and one that
# goes back in time as a number below zero.
# https://www.npmjs.com/package/slonik
# Seen: every negative part is left out: "-1 hour" and "-3 days" are read as 0, "1 day -02:00:00" as a whole day, and "-1 year" ends
# in an error. Positive ones are right, so that nothing shows while a deadline lies ahead.
# For a memory: what is overdue by three days is read as due right now.
# Here: not used; durations are numbers of milliseconds. The server is PGlite, a PostgreSQL in a package.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true,"allowScripts":{"node":true}}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts slonik@49.10.9 zod@4.6.7 @electric-sql/pglite@0.5.14 @electric-sql/pglite-socket@0.2.17
npm install --silent --no-audit --no-fund --ignore-scripts=false node@24.21.0
cat >try.js <<'JS'
import { PGlite } from '@electric-sql/pglite'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'
import { createPool, sql } from 'slonik'

const db = await PGlite.create()
const server = new PGLiteSocketServer({ db, port: 0, host: '127.0.0.1' })
await server.start()
const port = Number(server.getServerConn().split(':').pop())
const pool = await createPool(`postgres://postgres:postgres@127.0.0.1:${port}/postgres`, { maximumPoolSize: 1 })
const seen = {}
for (const text of ['90 minutes', '-1 hour', '-3 days', '1 day -02:00:00', '-1 year']) {
  const read = pool.oneFirst(sql.unsafe`select ${text}::interval`).catch(() => 'error')
  const seconds = await pool.oneFirst(sql.unsafe`select extract(epoch from ${text}::interval)::float8`)
  seen[text] = { read: await read, seconds }
  console.log(text.padEnd(16), 'read as', seen[text].read, 'PostgreSQL says', seconds)
}
await pool.end()
await server.stop()
await db.close()
const read = Object.values(seen).map((each) => each.read)
const isAsDescribed = JSON.stringify(read) === JSON.stringify([5400, 0, 0, 86400, 'error'])
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node_modules/.bin/node try.js
