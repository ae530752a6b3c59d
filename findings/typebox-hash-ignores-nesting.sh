#!/usr/bin/env bash
# typebox 1.4.3, Value.Hash (the release before it, @sinclair/typebox 0.34.52, does the same). Expected: a hash of 64 bits over a value
# differs for two values that differ in where something stands, but for chance.
# Seen: the hash takes note of where a list or an object begins and not of where it ends. { tags: ['ui'], title: 7 } has the hash of
# { tags: ['ui', 'title', 7] }, { a: { b: 1 } } that of { a: {}, b: 1 }, and [['a'], 'b'] that of [['a', 'b']]. It is so every time,
# with ordinary values; 3,000 small random ones had ten such pairs.
# For a memory: two different entries count as one where doubles are found by their hash, and a changed one as unchanged.
# Here: not used; what is compared by its hash is written as canonical JSON first (src/transports/http/rest/once.ts).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts typebox@1.4.3 @sinclair/typebox@0.34.52
cat >try.js <<'JS'
import { Value as Older } from '@sinclair/typebox/value'
import Value from 'typebox/value'

const pairs = [
  [{ tags: ['ui'], title: 7 }, { tags: ['ui', 'title', 7] }],
  [{ a: { b: 1 } }, { a: {}, b: 1 }],
  [[['a'], 'b'], [['a', 'b']]],
  [{ a: 1, b: 2 }, { a: 1, b: 3 }],
  [['ab'], ['a', 'b']],
]
const isSame = (library) => pairs.map(([one, other]) => library.Hash(one) === library.Hash(other))
const seen = { typebox: isSame(Value), older: isSame(Older) }
pairs.forEach((pair, i) => {
  console.log(pair.map((value) => JSON.stringify(value)).join('  '), seen.typebox[i] ? 'SAME' : 'differ', seen.older[i] ? 'SAME' : 'differ')
})
const same = [true, true, true, false, false]
const isAsDescribed = JSON.stringify(seen) === JSON.stringify({ typebox: same, older: same })
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
