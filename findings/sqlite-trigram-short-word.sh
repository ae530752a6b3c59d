#!/usr/bin/env bash
# SQLite's FTS5 as in Node 24.21.0 (node:sqlite). Expected: with `tokenize='trigram'` a word of two letters, which has no trigram, finds
# nothing (as the documentation says), also beside another word, since all words of a query must be there.
# Seen: alone it finds nothing; beside another word it is dropped without a word: "redis qq" finds what has "redis" and no "qq"; and
# `redis NOT qu` leaves nothing out.
# Here: the index holds terms of our own making, not trigrams (src/store/sqlite/search/schema.ts).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true,"allowScripts":{"node":true}}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts=false node@24.21.0
cat >try.js <<'JS'
import { DatabaseSync } from 'node:sqlite'

const db = new DatabaseSync(':memory:')
db.exec("CREATE VIRTUAL TABLE notes USING fts5(text, tokenize='trigram'); INSERT INTO notes VALUES ('a redis queue')")
const search = db.prepare('SELECT rowid FROM notes WHERE notes MATCH ?')
const queries = ['redis', 'qu', 'qq', 'redis qq', 'redis queues', 'redis NOT que', 'redis NOT qu']
const seen = queries.map((query) => search.all(query).length)
for (const [nth, query] of queries.entries()) console.log(`${query}: ${seen[nth]}`)
const isAsDescribed = seen.join('') === '1001001'
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node_modules/.bin/node try.js
