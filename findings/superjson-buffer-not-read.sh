#!/usr/bin/env bash
# superjson 2.2.7. Expected: parse(stringify(value)) is the value again, or stringify() refuses what it cannot write; typed arrays are
# written and read.
# https://github.com/flightcontrolhq/superjson#readme
# Seen: a Buffer is a Uint8Array and is written, under the name "Buffer", which parse() does not know: one Buffer anywhere, and the
# whole text is refused ("Trying to deserialize unknown typed array"). A Uint8Array of the same bytes is read.
# For a memory: a value that holds what node:fs or node:crypto gave is stored, and cannot be read any more.
# Here: not used.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts superjson@2.2.7
cat >try.js <<'JS'
import superjson from 'superjson'

function back(value) {
  const text = superjson.stringify({ title: 'notes', value })
  try {
    return [...superjson.parse(text).value]
  } catch (error) {
    return error.message
  }
}
const seen = {
  bytes: back(new Uint8Array([104, 105])),
  buffer: back(Buffer.from('hi')),
}
console.log(superjson.stringify({ value: Buffer.from('hi') }))
console.log(JSON.stringify(seen))
const expected = { bytes: [104, 105], buffer: 'Trying to deserialize unknown typed array' }
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
