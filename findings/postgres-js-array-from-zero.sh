#!/usr/bin/env bash
# postgres 3.4.9 (postgres.js). Expected: an array whose first subscript is not 1 is read as its elements, as pg reads it.
# Seen: after `set tags[0] = …` the same column is read as a list within a list, so `tags.length` is 1 and `tags.includes(…)` false.
# Here: not used; pg reads the elements. The server is PGlite, a PostgreSQL in a package.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts postgres@3.4.9 pg@8.23.1 @electric-sql/pglite@0.5.14 @electric-sql/pglite-socket@0.2.17
cat >try.js <<'JS'
import { PGlite } from '@electric-sql/pglite'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'
import pg from 'pg'
import postgres from 'postgres'

const db = await PGlite.create()
await db.exec("create table note (tags text[]); insert into note values (array['b', 'c']); update note set tags[0] = 'a'")
const server = new PGLiteSocketServer({ db, port: 0, host: '127.0.0.1' })
await server.start()
const port = Number(server.getServerConn().split(':').pop())
const address = { host: '127.0.0.1', port, user: 'postgres', database: 'postgres' }
const sql = postgres({ ...address, max: 1 })
const [row] = await sql`select tags, cardinality(tags) as size from note`
await sql.end()
const client = new pg.Client(address)
await client.connect()
const { rows } = await client.query('select tags from note')
await client.end()
await server.stop()
await db.close()
const seen = { size: row.size, postgres: row.tags, pg: rows[0].tags }
console.log(JSON.stringify(seen))
const expected = { size: 3, postgres: [['a', 'b', 'c']], pg: ['a', 'b', 'c'] }
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
