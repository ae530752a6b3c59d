#!/usr/bin/env bash
# sql.js 1.17.0. Expected: a parameter `:text` is bound by the name "text", as in node:sqlite, better-sqlite3 and every driver of Python; a
# name that the statement does not have is an error.
# https://sql.js.org/documentation/Statement.html
# Seen: only ":text" with its colon is the name. Under "text" nothing is bound, nothing is thrown, and null is written. With positional values
# run() executes the first of several statements and drops the others; without values it executes all.
# For a memory: the same line of code that stores an entry on the server stores an empty one in the browser.
# Here: not used in the product; node:sqlite is told its values by place (src/store/sqlite/).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts sql.js@1.17.0
cat >try.js <<'JS'
import initSqlJs from 'sql.js'

const { Database } = await initSqlJs()
const db = new Database()
db.run('create table notes (text)')
const rows = () => {
  const texts = (db.exec('select text from notes')[0]?.values ?? []).flat()
  db.run('delete from notes')
  return texts
}
const seen = {}
db.run('insert into notes values (:text)', { text: 'hello' })
seen.bareName = rows()
db.run('insert into notes values (:text)', { ':text': 'hello' })
seen.withColon = rows()
db.run("insert into notes values (?); insert into notes values ('second')", ['first'])
seen.withValues = rows()
db.run("insert into notes values ('first'); insert into notes values ('second')")
seen.withoutValues = rows()
console.log(JSON.stringify(seen, null, 1))
const expected = { bareName: [null], withColon: ['hello'], withValues: ['first'], withoutValues: ['first', 'second'] }
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
