#!/usr/bin/env bash
# node-diff3 3.2.1. Expected: the arrays that its README says the buffers may be are compared by what is in them. Records are equal when
# they are the same or hold the same, and otherwise differ; two changes of one record are a conflict.
# https://github.com/bhousel/node-diff3#api-reference
# Seen: elements are looked up by their text, and every plain object has the same one. A list of records in which mine and theirs have
# changed the same record differently is merged without a conflict, to the old list: both changes are gone. diffPatch finds no
# difference between two such lists, and none between 1 and '1' or null and 'null'.
# For a memory: two agents' edits of one list of entries are merged to what neither of them wrote, and it says that it went well.
# Here: it is given lines of text alone (src/transports/cli/conflict/three-way.ts).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts node-diff3@3.2.1
cat >try.js <<'JS'
import { diffPatch, merge } from 'node-diff3'

const list = (text) => [{ id: 1, text }, { id: 2, text: 'kept' }]
const merged = (write) => {
  const { conflict, result } = merge(list('mine').map(write), list('old').map(write), list('theirs').map(write))
  return { conflict, lines: result.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))) }
}
const seen = {
  records: merged((record) => record),
  texts: merged((record) => record.text),
  differences: [diffPatch(list('old'), list('new')), diffPatch([1, null], ['1', 'null'])].map(({ length }) => length),
}
console.log(JSON.stringify(seen, null, 1))
const expected = {
  records: { conflict: false, lines: list('old').map((record) => JSON.stringify(record)) },
  texts: { conflict: true, lines: ['<<<<<<<', 'mine', '=======', 'theirs', '>>>>>>>', 'kept'] },
  differences: [0, 0],
}
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
