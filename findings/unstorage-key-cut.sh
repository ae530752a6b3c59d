#!/usr/bin/env bash
# unstorage 1.17.6, its driver for memory. Expected: "notes?draft" and "notes?final" are two keys, and a text is read as it was written.
# Seen: a key ends at its first `?`, so the second write replaces the first and both are read as the second; `/` and `\` are `:`. What is
# read is parsed: the text "1.10" is the number 1.1, "true" a boolean, "{}" an object, while "1.1.0" stays a text.
# For a memory: a key that is an address with a query is the key of every such address.
# Here: not used.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts unstorage@1.17.6
cat >try.js <<'JS'
import { createStorage } from 'unstorage'

const storage = createStorage()
await storage.setItem('notes?draft', 'the draft')
await storage.setItem('notes?final', 'the final one')
const read = {}
for (const text of ['1.10', 'true', '{}', '1.1.0']) {
  await storage.setItem('text', text)
  read[text] = await storage.getItem('text')
}
const seen = { draft: await storage.getItem('notes?draft'), keys: await storage.getKeys('notes'), read }
await storage.setItem('src/app', 1)
seen.otherName = await storage.getItem('src:app')
console.log(JSON.stringify(seen))
const expected = { draft: 'the final one', keys: [], read: { '1.10': 1.1, true: true, '{}': {}, '1.1.0': '1.1.0' }, otherName: 1 }
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
