#!/usr/bin/env bash
# cacheable 2.5.0. Expected: wrap() keeps a result for a function and the arguments it was called with.
# Seen: a call with another Map or Set, or with null where there was undefined, gets the first one's result, because the key is made
# of the arguments as JSON; and { a, b } is another call than { b, a }. Two functions that are wrapped without a keyPrefix share
# results: the second is never run.
# Here: not used.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts cacheable@2.5.0
cat >try.js <<'JS'
import { Cacheable } from 'cacheable'

const cache = new Cacheable()
const wrapped = (keyPrefix, load) => cache.wrap(load, { ttl: 60_000, keyPrefix })
const size = wrapped('size', async (many) => many.size)
const type = wrapped('type', async (value) => String(value))
let runs = 0
const count = wrapped('count', async () => ++runs)
const [first, second] = ['first', 'second'].map((name) => cache.wrap(async () => name, { ttl: 60_000 }))
const seen = {
  sizes: [await size(new Map([[1, 1]])), await size(new Map([[1, 1], [2, 2]]))],
  types: [await type(undefined), await type(null)],
  order: [await count({ a: 1, b: 2 }), await count({ b: 2, a: 1 })],
  functions: [await first('x'), await second('x')],
}
console.log(JSON.stringify(seen))
const expected = { sizes: [1, 1], types: ['undefined', 'undefined'], order: [1, 2], functions: ['first', 'first'] }
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
