#!/usr/bin/env bash
# what-the-diff 0.6.0. Expected: the lines of a hunk are the lines of the file, so that the hunk can be applied or shown; git ends its own
# lines with a line feed alone, and what stands before it is the file's.
# https://github.com/mrothNET/what-the-diff#readme
# Seen: a carriage return at the end of a line is taken away. A change of line ends, from Windows to Unix, is a hunk whose removed and added
# lines are the same, and a hunk of a file with such ends does not fit the file.
# For a memory: a change that an agent has made is shown as none, and cannot be put back.
# Here: not used; texts are compared with `diff`, which keeps the ends.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts what-the-diff@0.6.0 diff@9.0.0
cat >try.js <<'JS'
import { parsePatch } from 'diff'
import whatTheDiff from 'what-the-diff'

const head = ['diff --git a/note.md b/note.md', 'index 1234567..7654321 100644', '--- a/note.md', '+++ b/note.md', '@@ -1,2 +1,2 @@']
const text = `${[...head, '-one\r', '-two\r', '+one', '+two'].join('\n')}\n`
const lines = (hunks) => JSON.stringify(hunks[0].lines)
const seen = { whatTheDiff: lines(whatTheDiff.parse(text)[0].hunks), diff: lines(parsePatch(text)[0].hunks) }
console.log(JSON.stringify(seen, null, 1))
const expected = { whatTheDiff: '["-one","-two","+one","+two"]', diff: '["-one\\r","-two\\r","+one","+two"]' }
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
