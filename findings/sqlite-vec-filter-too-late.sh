#!/usr/bin/env bash
# sqlite-vec 0.1.9 with SQLite as in Node 24.21.0 (node:sqlite). Expected: what is asked beside `match` and `k` chooses the rows among
# which the k nearest are sought; its README promises that of the id ("pre-filter … rowid IN (...)") and of metadata columns, and a
# condition that a metadata column cannot take (LIKE) is an error.
# https://github.com/asg017/sqlite-vec#readme
# Seen: for `id in (7, 8)`, `n > 5`, `n in (7, 8)` it is so. `id > 5`, `id between …`, `id = 7` and `n not in (…)` are looked at when the k
# nearest of all rows have been taken: the table has ten rows, five of them above 5, and the answer is empty, without an error. With
# one id in its list `in (7)` is a `=` to SQLite, so a list of two finds both and a list of one finds nothing.
# For a memory: "what is like this among these entries" answers that nothing is as soon as there is only one of them.
# Here: not used; vectors are compared among the entries that a caller may see (src/services/reading/search.ts).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true,"allowScripts":{"node":true}}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts=false node@24.21.0 sqlite-vec@0.1.9
cat >try.js <<'JS'
import { DatabaseSync } from 'node:sqlite'
import { load } from 'sqlite-vec'

const db = new DatabaseSync(':memory:', { allowExtension: true })
load(db)
db.exec('create virtual table note using vec0(id integer primary key, at float[1], n integer)')
const insert = db.prepare('insert into note (id, at, n) values (?, ?, ?)')
for (let i = 1; i <= 10; i++) insert.run(BigInt(i), new Float32Array([i]), BigInt(i))
const nearest = (condition) =>
  db.prepare(`select id from note where at match '[1]' and k = 2 and ${condition}`).all().map(({ id }) => id)

const conditions = {
  'id in (7, 8)': [7, 8],
  'n > 5': [6, 7],
  'n in (7, 8)': [7, 8],
  'id in (7)': [],
  'id = 7': [],
  'id > 5': [],
  'id between 6 and 9': [],
  'n not in (1, 2)': [],
}
const seen = Object.fromEntries(Object.keys(conditions).map((condition) => [condition, nearest(condition)]))
for (const [condition, ids] of Object.entries(seen)) console.log(condition.padEnd(20), ids.join(', ') || 'nothing')
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(conditions)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node_modules/.bin/node try.js
