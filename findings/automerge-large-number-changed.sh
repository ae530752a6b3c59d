#!/usr/bin/env bash
# @automerge/automerge 3.5.0. Expected: a number that is written is read as this number; what the format cannot hold is refused, as
# undefined is.
# https://automerge.org/docs/reference/documents/values/
# Seen: a whole number from 9007199254740991 (Number.MAX_SAFE_INTEGER) on is read as a BigInt, so that `+ 1` and JSON.stringify of the
# document throw. From 2 ** 63 on it is another number: 1e19, 1e20 and 1e300 are all 9223372036854775807. The writer's own document
# has it so at once.
# For a memory: a time in nanoseconds (1.8e18) cannot be written as JSON any more, and a large size or hash is silently another.
# Here: not used.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts @automerge/automerge@3.5.0
cat >try.js <<'JS'
import { change, init, load, save } from '@automerge/automerge'

const seen = {}
for (const value of [1e15, 2 ** 53 - 1, 1.8e18, 1e19, 1e20, 1e300, 0.5]) {
  const own = change(init(), (doc) => {
    doc.value = value
  })
  const read = load(save(own)).value
  seen[value] = `${typeof own.value} ${typeof read} ${read}`
  console.log(String(value).padEnd(20), seen[value])
}
let json = 'written'
try {
  JSON.stringify(change(init(), (doc) => Object.assign(doc, { at: 1.8e18 })))
} catch (error) {
  json = error.name
}
console.log('as JSON', json)
const most = 'bigint bigint 9223372036854775807'
const expected = [
  'number number 1000000000000000',
  'bigint bigint 9007199254740991',
  'bigint bigint 1800000000000000000',
  most,
  most,
  most,
  'number number 0.5',
]
const isAsDescribed = json === 'TypeError' && Object.values(seen).toSorted().join() === expected.toSorted().join()
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
