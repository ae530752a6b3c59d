#!/usr/bin/env bash
# PostgreSQL 18's full text search, as in @electric-sql/pglite 0.5.14. Expected: two words with a slash or a dot between them are found by each
# of the two, as two with a hyphen are, of which the documentation says that the parts are tokens too; and a query with a hyphen
# finds the text with a space, as the other way round.
# https://www.postgresql.org/docs/18/textsearch-parsers.html
# Seen: "read/write" is one path and "done.Next" one host; neither word finds them, "src/app/main.ts" is not found by "main.ts", and
# the query "locks/queues" does not find "locks and queues". "in memory" finds "in-memory"; "in-memory" does not find "in memory".
# For a memory: notes of programmers are full of such words, and the search says that nothing is there.
# Here: PostgreSQL is handed terms of our own making (src/store/postgres/search/).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts @electric-sql/pglite@0.5.14
cat >try.js <<'JS'
import { PGlite } from '@electric-sql/pglite'

const db = await PGlite.create()
const pairs = [
  ['the read/write lock', 'read'],
  ['the read/write lock', 'write lock'],
  ['the read-write lock', 'write lock'],
  ['locks and queues', 'locks/queues'],
  ['it is done.Next we deploy', 'next'],
  ['see src/app/main.ts', 'main.ts'],
  ['the in-memory cache', 'in memory'],
  ['held in memory', 'in-memory'],
]
const seen = []
for (const pair of pairs) {
  const { rows } = await db.query(
    `select to_tsvector('english', $1) @@ websearch_to_tsquery('english', $2) as is_found`,
    pair,
  )
  console.log(`${pair[1]} in "${pair[0]}": ${rows[0].is_found}`)
  seen.push(rows[0].is_found)
}
await db.close()
const isAsDescribed = seen.join() === 'false,false,true,false,false,false,true,false'
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
