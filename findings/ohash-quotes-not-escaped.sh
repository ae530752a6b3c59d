#!/usr/bin/env bash
# ohash 2.0.12. Expected: isEqual() is true of two values that are the same, and hash() tells apart what is not.
# https://github.com/unjs/ohash#readme
# Seen: a quote in a text is written as it is into the text that both compare, so one text may read as two: ["a','b"] is equal to ["a",
# "b"] and has its hash. A Map's key 1 is "1". object-hash 3.0.0 tells them apart.
# For a memory: two lists of tags, or an old and a new note that quotes code, are taken for the same, and the change is not written.
# Here: not used.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts ohash@2.0.12 object-hash@3.0.0
cat >try.js <<'JS'
import objectHash from 'object-hash'
import { hash, isEqual, serialize } from 'ohash'

const pairs = {
  list: [["a','b"], ['a', 'b']],
  object: [{ name: "x',why:'y" }, { name: 'x', why: 'y' }],
  map: [new Map([[1, 'a']]), new Map([['1', 'a']])],
  numberAndText: [1, '1'],
}
const seen = Object.fromEntries(
  Object.entries(pairs).map(([name, [one, other]]) => [
    name,
    { isEqual: isEqual(one, other), sameHash: hash(one) === hash(other), objectHash: objectHash(one) === objectHash(other) },
  ]),
)
console.log(serialize(pairs.list[0]), serialize(pairs.list[1]))
console.log(JSON.stringify(seen, null, 1))
const same = { isEqual: true, sameHash: true, objectHash: false }
const apart = { isEqual: false, sameHash: false, objectHash: false }
const expected = { list: same, object: same, map: same, numberAndText: apart }
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
