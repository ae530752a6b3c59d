#!/usr/bin/env bash
# postgres 3.4.9 (postgres.js). Expected: an array with a null in it is read as such, as pg reads it.
# Seen: the null of a text[] is read as the text "NULL", that of an int[] as NaN. In the database it is null; what is read and written
# back is the word.
# Here: not used; pg reads it as null. The server is PGlite, a PostgreSQL in a package.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts postgres@3.4.9 @electric-sql/pglite@0.5.14 @electric-sql/pglite-socket@0.2.17
cat >try.js <<'JS'
import { PGlite } from '@electric-sql/pglite'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'
import postgres from 'postgres'

const db = await PGlite.create()
const server = new PGLiteSocketServer({ db, port: 0, host: '127.0.0.1' })
await server.start()
const port = Number(server.getServerConn().split(':').pop())
const sql = postgres({ host: '127.0.0.1', port, user: 'postgres', database: 'postgres', max: 1 })
const [row] = await sql`
  select array['draft', null] as tags, array[1, null] as counts, (array['draft', null])[2] is null as is_null`
await sql.end()
await server.stop()
await db.close()
console.log(row)
const isAsDescribed = row.tags[1] === 'NULL' && Number.isNaN(row.counts[1]) && row.is_null
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
