#!/usr/bin/env bash
# pg-promise 12.7.1 on PostgreSQL, with kysely 0.29.9 beside it. Expected: when `await db.tx(…)` answers, the transaction has been committed; where
# it could not be, it is rejected, as its documentation says of a transaction that fails.
# https://vitaly-t.github.io/pg-promise/Database.html#tx
# Seen: after one statement has failed and its error was caught, as of a row that is there already, PostgreSQL answers COMMIT with ROLLBACK. It is
# taken for a commit: the promise is resolved, and what was written before the failed statement is gone. If it is the last one,
# nothing tells. kysely rejects it: "Transaction was rolled back instead of committed".
# For a memory: "add it, or leave it if it is there" as the last step acknowledges a write that was never made.
# Here: transactions are kysely's (src/store/). The server is PGlite, a PostgreSQL in a package.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts pg-promise@12.7.1 pg@8.23.1 kysely@0.29.9 @electric-sql/pglite@0.5.14 @electric-sql/pglite-socket@0.2.17
cat >try.js <<'JS'
import { PGlite } from '@electric-sql/pglite'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'
import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import pgPromise from 'pg-promise'

const insert = "insert into note values (1, 'kept')"
async function attempt(work) {
  const lite = await PGlite.create()
  await lite.exec('create table note (id int primary key, text text)')
  const server = new PGLiteSocketServer({ db: lite, port: 0, host: '127.0.0.1' })
  await server.start()
  const port = Number(server.getServerConn().split(':').pop())
  const settings = { host: '127.0.0.1', port, user: 'postgres', database: 'postgres', max: 1 }
  const outcome = await work(settings).then(() => 'resolved', (error) => error.message)
  await server.stop()
  const { rows } = await lite.query('select * from note')
  await lite.close()
  return [outcome, rows.length]
}
async function withPgPromise(settings) {
  const library = pgPromise()
  await library(settings).tx(async (transaction) => {
    await transaction.none(insert)
    await transaction.none(insert).catch(() => 'is there already')
  })
  library.end()
}
async function withKysely(settings) {
  const kysely = new Kysely({ dialect: new PostgresDialect({ pool: new pg.Pool(settings) }) })
  const work = kysely.transaction().execute(async (transaction) => {
    await sql.raw(insert).execute(transaction)
    await sql.raw(insert).execute(transaction).catch(() => 'is there already')
  })
  await work.finally(() => kysely.destroy())
}
const seen = { 'pg-promise': await attempt(withPgPromise), kysely: await attempt(withKysely) }
console.log(JSON.stringify(seen, null, 1))
const expected = { 'pg-promise': ['resolved', 0], kysely: ['Transaction was rolled back instead of committed', 0] }
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
