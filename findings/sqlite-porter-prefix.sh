#!/usr/bin/env bash
# SQLite's FTS5 as in Node 24.21.0 (node:sqlite). Expected: with `tokenize='porter'` a query `word*` goes on finding a text while the
# word is typed, letter by letter, up to the whole word.
# Seen: for a text with "migrations", "migra*" and "migrat*" find it, "migrati*" and "migratio*" find nothing, "migration*" finds it again:
# the index holds the stem "migrat", and what has been typed so far is stemmed too, into something longer. Without the stemmer each
# of them finds it.
# Here: the index holds terms of our own making, and the tokenizer has no stemmer (src/store/sqlite/search/schema.ts).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true,"allowScripts":{"node":true}}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts=false node@24.21.0
cat >try.js <<'JS'
import { DatabaseSync } from 'node:sqlite'

const queries = ['migra*', 'migrat*', 'migrati*', 'migratio*', 'migration*', 'migrations*']
function found(tokenize) {
  const db = new DatabaseSync(':memory:')
  db.exec(`CREATE VIRTUAL TABLE notes USING fts5(text, tokenize='${tokenize}'); INSERT INTO notes VALUES ('the migrations of today')`)
  const search = db.prepare('SELECT rowid FROM notes WHERE notes MATCH ?')
  return queries.map((query) => search.all(query).length)
}
const seen = { queries, porter: found('porter'), unicode61: found('unicode61') }
for (const [name, list] of Object.entries(seen)) console.log(name.padEnd(10), list.join(' '))
const isAsDescribed = seen.porter.join('') === '110011' && seen.unicode61.join('') === '111111'
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node_modules/.bin/node try.js
