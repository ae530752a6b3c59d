#!/usr/bin/env bash
# PostgreSQL 18's full text search, as in @electric-sql/pglite 0.5.14. Expected: ts_headline gives a piece of the document with the words of
# the query marked; that it may leave out simple tags of XML, as the documentation says, does not concern a text that has none.
# https://www.postgresql.org/docs/18/textsearch-controls.html#TEXTSEARCH-HEADLINE
# Seen: whatever stands between "<" and a letter and the next ">" is taken for a tag, on however many words: of "retry if tries<limit
# and age>ttl" the words "limit and age" are neither found nor shown: "retry if tries ttl" reads as if it were the text.
# `Promise<void>` is shown as "Promise". With a space after "<" all is there.
# For a memory: conditions and generics of code are cut out of what an agent reads, into another meaning.
# Here: terms and excerpts are made by our own code (src/domain/words/).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts @electric-sql/pglite@0.5.14
cat >try.js <<'JS'
import { PGlite } from '@electric-sql/pglite'

const db = await PGlite.create()
const texts = ['retry if tries<limit and age>ttl', 'retry if tries < limit and age > ttl', 'retry returns Promise<void> here']
const seen = []
for (const text of texts) {
  const { rows } = await db.query(
    `select ts_headline('english', $1, to_tsquery('english', 'retry'), 'StartSel=[, StopSel=]') as shown,
      to_tsvector('english', $1) @@ to_tsquery('english', 'limit & age | void') as is_found`,
    [text],
  )
  seen.push(rows[0])
}
await db.close()
console.log(JSON.stringify(seen, null, 1))
const expected = [
  { shown: '[retry] if tries ttl', is_found: false },
  { shown: '[retry] if tries < limit and age > ttl', is_found: true },
  { shown: '[retry] returns Promise  here', is_found: false },
]
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
