#!/usr/bin/env bash
# SQLite as in Node 24.21.0 (node:sqlite), FTS5, and sqlite-vec 0.1.9. Expected: `insert … returning rowid` answers with the row's
# number, as it does for a table; the documentation refuses RETURNING to updates and deletes of virtual tables, not to inserts.
# https://www.sqlite.org/lang_returning.html
# Seen: a row of FTS5 that gets its number from the database answers -1, each of several the same, while the row stands at 1, 2 and
# so on; one of vec0 answers null. lastInsertRowid has the right number. And vec0 takes an update of the rowid, counts a changed row
# and changes nothing.
# For a memory: the index entry is filed under -1, and deleting it later deletes nothing.
# Here: the index is written with the number of its entry (src/store/sqlite/search/).
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
db.exec('create table plain (text); create virtual table words using fts5(text); create virtual table vectors using vec0(text float[1])')
const numbers = (sql) => db.prepare(sql).all().map(({ rowid }) => rowid)
function inserted(table) {
  const returned = numbers(`insert into ${table} (text) values ('[1]'), ('[2]') returning rowid`)
  return { returned, are: numbers(`select rowid from ${table}`) }
}
const seen = { plain: inserted('plain'), words: inserted('words'), vectors: inserted('vectors') }
const { lastInsertRowid } = db.prepare("insert into words (text) values ('three')").run()
const { changes } = db.prepare('update vectors set rowid = 50 where rowid = 1').run()
Object.assign(seen, { lastInsertRowid, moved: { changes, are: numbers('select rowid from vectors') } })
for (const [name, each] of Object.entries(seen)) console.log(name.padEnd(16), JSON.stringify(each))
const expected = {
  plain: { returned: [1, 2], are: [1, 2] },
  words: { returned: [-1, -1], are: [1, 2] },
  vectors: { returned: [null, null], are: [1, 2] },
  lastInsertRowid: 3,
  moved: { changes: 1, are: [1, 2] },
}
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node_modules/.bin/node try.js
