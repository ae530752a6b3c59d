#!/usr/bin/env bash
# pg 8.23.1 (its pg-types 2.2.0). Expected: an array of numeric is read as a list of what a single numeric is read as: a text, because a
# number of JavaScript cannot hold it.
# https://node-postgres.com/features/types
# Seen: the elements of a numeric[] are numbers: 12345678901234567.89 comes back as 12345678901234568, 1.10 as 1.1, without a warning,
# while the same value beside it in a column of its own is exact. An int8[] is a list of texts, as an int8 is a text.
# For a memory: an amount or a version in `array_agg(…)` is another one than in the row.
# Here: no column or expression is a numeric[]. The server is PGlite, a PostgreSQL in a package.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts pg@8.23.1 pg-types@2.2.0 @electric-sql/pglite@0.5.14 @electric-sql/pglite-socket@0.2.17
cat >try.js <<'JS'
import { PGlite } from '@electric-sql/pglite'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'
import pg from 'pg'

const db = await PGlite.create()
const server = new PGLiteSocketServer({ db, port: 0, host: '127.0.0.1' })
await server.start()
const port = Number(server.getServerConn().split(':').pop())
const client = new pg.Client({ host: '127.0.0.1', port, user: 'postgres', database: 'postgres' })
await client.connect()
const { rows } = await client.query(`
  select amount, array[amount] as amounts, id, array[id] as ids
  from (values (12345678901234567.89, 9007199254740993), (1.10, 1)) as price (amount, id)`)
await client.end()
await server.stop()
await db.close()
console.log(JSON.stringify(rows, null, 1))
const expected = [
  { amount: '12345678901234567.89', amounts: [12345678901234568], id: '9007199254740993', ids: ['9007199254740993'] },
  { amount: '1.10', amounts: [1.1], id: '1', ids: ['1'] },
]
const isAsDescribed = JSON.stringify(rows) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
