#!/usr/bin/env bash
# @orama/orama 3.1.18. Expected: `exact: true` narrows a search to whole words and is otherwise the same: words are found whatever
# their case.
# Seen: the words of the query are looked for in the text as it was written: "deploy" no longer finds "Deploy the server", the first
# word of a sentence, and "REDIS" finds "redis" only without `exact`.
# Here: not used; only its stemmers are.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts @orama/orama@3.1.18
cat >try.js <<'JS'
import { create, insert, search } from '@orama/orama'

const db = create({ schema: { text: 'string' } })
for (const text of ['Deploy the server', 'we deploy it', 'a redis server']) insert(db, { text })
const found = (term, exact) =>
  search(db, { term, exact })
    .hits.map(({ document }) => document.text)
    .toSorted()
    .join(', ')
const seen = ['deploy', 'Deploy', 'REDIS'].map((term) => [term, found(term, false), found(term, true)])
for (const [term, words, exact] of seen) console.log(`${term}: ${words} | exact: ${exact || 'nothing'}`)
const expected = [
  ['deploy', 'Deploy the server, we deploy it', 'we deploy it'],
  ['Deploy', 'Deploy the server, we deploy it', 'Deploy the server'],
  ['REDIS', 'a redis server', ''],
]
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
