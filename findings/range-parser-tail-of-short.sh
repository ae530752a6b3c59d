#!/usr/bin/env bash
# range-parser 1.3.0, as express 5.3.0 asks it. Expected: `Range: bytes=-500`, the last 500 bytes, is all of a file that has
# fewer: "If the selected representation is shorter than the specified suffix-length, the entire representation is used."
# https://www.rfc-editor.org/rfc/rfc9110#section-14.1.2
# Seen: it is -1, a range that cannot be met, and express answers 416 without the file. A range that begins within the file and ends behind it
# (`bytes=0-500`) is cut as it should be.
# For a memory: whoever reads the end of a log or a transcript that has only just begun is told that there is nothing to read.
# Here: no answer is cut by a range.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts range-parser@1.3.0 express@5.3.0
cat >try.js <<'JS'
import { writeFileSync } from 'node:fs'
import express from 'express'
import * as library from 'range-parser'

const parseRange = library.default ?? library.parseRange
const asked = ['bytes=-5', 'bytes=-10', 'bytes=-500', 'bytes=0-500']
writeFileSync('short.log', '0123456789')
const refused = (error, _request, response, _next) => response.status(error.status).end()
const server = express().use(express.static('.'), refused).listen(0, '127.0.0.1')
await new Promise((resolve) => server.on('listening', resolve))
const address = `http://127.0.0.1:${server.address().port}/short.log`
const seen = []
for (const range of asked) {
  const parsed = parseRange(10, range)
  const response = await fetch(address, { headers: { range } })
  seen.push([range, Array.isArray(parsed) ? `${parsed[0].start} to ${parsed[0].end}` : parsed, response.status])
  await response.arrayBuffer()
}
server.close()
server.closeAllConnections()
for (const line of seen) console.log(line.join('  '))
const expected = [
  ['bytes=-5', '5 to 9', 206],
  ['bytes=-10', '0 to 9', 206],
  ['bytes=-500', -1, 416],
  ['bytes=0-500', '0 to 9', 206],
]
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
