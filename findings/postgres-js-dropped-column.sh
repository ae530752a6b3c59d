#!/usr/bin/env bash
# postgres 3.4.9 (postgres.js). Expected: an insert of several rows writes what each of them has, or is refused where their columns
# differ; it is refused where a later row lacks a column of the first ("Undefined values are not allowed").
# Seen: the columns are those of the first row; what only a later row has is dropped without a word.
# Here: not used; kysely takes the columns of all rows. The server is PGlite, a PostgreSQL in a package.
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
await sql`create table note (name text, why text)`
const [plain, reasoned] = [{ name: 'one' }, { name: 'two', why: 'said once' }]
const insert = async (rows) => {
  await sql`truncate note`
  await sql`insert into note ${sql(rows)}`
  const read = await sql`select name, why from note order by name`
  return read.map(({ name, why }) => `${name}: ${why}`).join(', ')
}
const seen = {
  laterHasMore: await insert([plain, reasoned]),
  laterHasLess: await insert([reasoned, plain]).catch(({ code }) => code),
}
await sql.end()
await server.stop()
await db.close()
console.log(JSON.stringify(seen))
const expected = { laterHasMore: 'one: null, two: null', laterHasLess: 'UNDEFINED_VALUE' }
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
