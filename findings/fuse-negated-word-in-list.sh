#!/usr/bin/env bash
# fuse.js 7.5.0. Expected: in extended search `!draft` leaves out what has the word, in a list of tags as in a text.
# Seen: a document with the tags "draft" and "auth" is found by `!draft`, because one of its tags is another word; and `'draft 'auth`,
# which asks for both, does not find it. The same words in one text are left out and found.
# Here: not used.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts fuse.js@7.5.0
cat >try.js <<'JS'
import Fuse from 'fuse.js'

const lists = [{ id: 1, tags: ['draft', 'auth'] }, { id: 2, tags: ['auth'] }]
const texts = lists.map(({ id, tags }) => ({ id, tags: tags.join(' ') }))
const found = (documents, query) =>
  new Fuse(documents, { keys: ['tags'], useExtendedSearch: true })
    .search(query)
    .map(({ item }) => item.id)
    .toSorted()
    .join()
const seen = ["!draft", "'draft 'auth"].map((query) => [query, found(texts, query), found(lists, query)])
for (const [query, text, list] of seen) console.log(`${query}: of texts ${text || '-'}, of lists ${list || '-'}`)
const isAsDescribed = JSON.stringify(seen) === JSON.stringify([['!draft', '2', '1,2'], ["'draft 'auth", '1', '']])
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
