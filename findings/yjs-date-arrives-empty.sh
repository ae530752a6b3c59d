#!/usr/bin/env bash
# yjs 13.6.33. Expected: a value that Y.Map takes arrives at the other document as it was written; what cannot be sent is refused, as
# a Map, a Set and a Buffer are ("Unexpected content type").
# https://github.com/yjs/yjs#shared-types
# Seen: a Date is taken and is a Date to the writer; everybody else reads {}, and so does the writer after a restart. A BigInt of 2 ** 63
# and more is taken too and arrives as another: 18446744073709551615n as -1n.
# For a memory: it looks right in the process that wrote it and is lost in every other, without an error.
# Here: not used; times are numbers of milliseconds.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts yjs@13.6.33
cat >try.js <<'JS'
import * as Y from 'yjs'

function carried(value) {
  const [mine, theirs] = [new Y.Doc(), new Y.Doc()]
  try {
    mine.getMap('note').set('value', value)
  } catch (error) {
    return error.message
  }
  Y.applyUpdate(theirs, Y.encodeStateAsUpdate(mine))
  return [mine, theirs].map((doc) => doc.getMap('note').get('value'))
}
const written = (value) => (value instanceof Date ? value.toISOString() : typeof value === 'bigint' ? `${value}n` : JSON.stringify(value))
const values = { date: new Date(0), map: new Map([[1, 2]]), large: 2n ** 64n - 1n, small: 2n ** 62n }
const seen = {}
for (const [name, value] of Object.entries(values)) {
  const result = carried(value)
  seen[name] = Array.isArray(result) ? result.map(written).join(' -> ') : result
  console.log(name.padEnd(6), seen[name])
}
const expected = {
  date: '1970-01-01T00:00:00.000Z -> {}',
  map: 'Unexpected content type',
  large: '18446744073709551615n -> -1n',
  small: '4611686018427387904n -> 4611686018427387904n',
}
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
