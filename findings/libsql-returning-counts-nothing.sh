#!/usr/bin/env bash
# @libsql/client 0.18.0 with a file. Expected: `rowsAffected` is the number of rows that an insert, update or delete has changed, as its
# type says, whether or not the statement also returns them.
# https://docs.turso.tech/sdk/ts/reference
# Seen: with `returning` it is always 0, in execute(), batch() and a transaction, though the rows were written and are in `rows`. Without
# `returning` the same statement counts 1.
# For a memory: "update … where version = 3 returning version" is a write that took place, and counts as one that came too late.
# Here: not used; a write is judged by the rows it returns.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts @libsql/client@0.18.0
cat >try.js <<'JS'
import { createClient } from '@libsql/client'

const client = createClient({ url: 'file:notes.db' })
await client.execute('create table note (id integer primary key, version integer)')
await client.execute('insert into note values (1, 3)')
const write = (returning) => `update note set version = version + 1 where id = 1 ${returning}`
const transaction = await client.transaction('write')
const results = {
  plain: await transaction.execute(write('')),
  transaction: await transaction.execute(write('returning version')),
}
await transaction.commit()
results.execute = await client.execute(write('returning version'))
results.batch = (await client.batch([write('returning version')], 'write'))[0]
const seen = Object.fromEntries(
  Object.entries(results).map(([name, { rows, rowsAffected }]) => [name, { rows: rows.map((row) => row.version), rowsAffected }]),
)
client.close()
console.log(JSON.stringify(seen, null, 1))
const expected = {
  plain: { rows: [], rowsAffected: 1 },
  transaction: { rows: [5], rowsAffected: 0 },
  execute: { rows: [6], rowsAffected: 0 },
  batch: { rows: [7], rowsAffected: 0 },
}
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
