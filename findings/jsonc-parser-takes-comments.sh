#!/usr/bin/env bash
# jsonc-parser 3.3.1. Expected: modify() with undefined, which its README calls removing a property, takes away that property and
# leaves the rest of a JSON with comments as it was written, the comments of the others above all.
# https://github.com/microsoft/node-jsonc-parser#readme
# Seen: everything from the value before, or to the name after, goes. Removing the first takes the comment of the second away; removing
# any other takes the one of its neighbour, which is left with the comment of what is gone.
# For a memory: an uninstall that takes its server out of a client's settings takes words of the user along, or leaves false ones.
# Here: setup edits within the text (src/transports/cli/setup/editing/edit-json.ts).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts jsonc-parser@3.3.1
cat >try.js <<'JS'
import { applyEdits, modify } from 'jsonc-parser'

const formattingOptions = { insertSpaces: true, tabSize: 2, eol: '\n' }
const without = (text, name) => applyEdits(text, modify(text, [name], undefined, { formattingOptions }))
const above = '{\n  // of one\n  "one": 1,\n  // of two\n  "two": 2\n}'
const beside = '{\n  "one": 1, // of one\n  "two": 2, // of two\n  "three": 3 // of three\n}'
const seen = { first: without(above, 'one'), middle: without(beside, 'two'), last: without(beside, 'three') }
for (const [place, text] of Object.entries(seen)) console.log(`${place}: ${text}`)
const expected = {
  first: '{\n  "two": 2\n}',
  middle: '{\n  "one": 1, // of two\n  "three": 3 // of three\n}',
  last: '{\n  "one": 1, // of one\n  "two": 2 // of three\n}',
}
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
