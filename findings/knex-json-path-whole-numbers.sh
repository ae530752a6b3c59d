#!/usr/bin/env bash
# knex 3.3.0 on PostgreSQL. Expected: whereJsonPath compares the number in a JSON column with the one it is handed.
# https://knexjs.org/guide/query-builder.html#wherejsonpath
# Seen: the number in the column is rounded to a whole one first (`::int`). `= 2` finds 1.7, `> 2` leaves out 2.3, and a bound of 1.5
# ends in an error of the database. A text that looks like a number is taken for one: `= '1.10'` is refused too.
# For a memory: a filter on a score, or on a version kept in JSON, answers with other rows than it was asked for.
# Here: not used; JSON is compared in SQL of our own. The server is PGlite, a PostgreSQL in a package.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts knex@3.3.0 pg@8.23.1 @electric-sql/pglite@0.5.14 @electric-sql/pglite-socket@0.2.17
cat >try.js <<'JS'
import { PGlite } from '@electric-sql/pglite'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'
import knex from 'knex'

const db = await PGlite.create()
const server = new PGLiteSocketServer({ db, port: 0, host: '127.0.0.1' })
await server.start()
const port = Number(server.getServerConn().split(':').pop())
const connection = `postgres://postgres:postgres@127.0.0.1:${port}/postgres`
const query = knex({ client: 'pg', connection, pool: { min: 1, max: 1 } })
await query.raw('create table note (meta jsonb)')
await query('note').insert([1.7, 2, 2.3].map((score) => ({ meta: { score, version: '1.10' } })))
async function found(path, operator, value) {
  const rows = await query('note').whereJsonPath('meta', path, operator, value).orderByRaw('meta')
  return rows.map(({ meta }) => meta.score)
}
const refused = ({ code }) => code
const seen = {
  is2: await found('$.score', '=', 2),
  above2: await found('$.score', '>', 2),
  above1point5: await found('$.score', '>', 1.5).catch(refused),
  version: await found('$.version', '=', '1.10').catch(refused),
}
await query.destroy()
await server.stop()
await db.close()
console.log(JSON.stringify(seen))
const expected = { is2: [1.7, 2, 2.3], above2: [], above1point5: '22P02', version: '22P02' }
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
