#!/usr/bin/env bash
# Node 24.21.0 (the npm package node), node:sqlite. Expected: a parameter that is a whole number is bound as an INTEGER, a bigint
# too; the table of types in the documentation has number and bigint for INTEGER.
# https://nodejs.org/docs/latest-v24.x/api/sqlite.html#type-conversion-between-javascript-and-sqlite
# Seen: each number is bound as a REAL. A column of INTEGER hides it; everywhere else it is silently another value: 7 in a TEXT
# column is "7.0", `'v' || ?` is "v7.0", json_object('n', ?) says 7.0, 7 / 2 is 3.5. With 7n all of them are as expected.
# For a memory: a number that is kept as a text (a key, a version, an id) is not found under what was written.
# Here: a column of text takes texts only, by its type; no statement puts a number into an expression of text.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true,"allowScripts":{"node":true}}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts=false node@24.21.0
cat >try.js <<'JS'
import { DatabaseSync } from 'node:sqlite'

function stored(value) {
  const db = new DatabaseSync(':memory:')
  db.exec('create table notes (count integer, name text, anything)')
  db.prepare('insert into notes values (?, ?, ?)').run(value, value, value)
  const row = db
    .prepare(
      `select typeof(count) as count, name, typeof(anything) as anything, 'v' || ? as joined, json_object('n', ?) as json, ? / 2 as half
       from notes`,
    )
    .get(value, value, value)
  db.close()
  return Object.values(row)
}
const seen = { number: stored(7), bigint: stored(7n) }
console.log(JSON.stringify(seen, null, 1))
const expected = {
  number: ['integer', '7.0', 'real', 'v7.0', '{"n":7.0}', 3.5],
  bigint: ['integer', '7', 'integer', 'v7', '{"n":7}', 3],
}
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node_modules/.bin/node try.js
