#!/usr/bin/env bash
# node-cache 5.1.2, `maxKeys`. Expected: a full cache takes no new key, and a key that it has can be written: "If a new item is set and the
# cache is full, an error is thrown and the key will not be saved". A key whose time has ended gives its place free.
# https://github.com/node-cache/node-cache#initialize-init
# Seen: in a full cache the new value of a key that is there is refused too, and the old one is given out until its time has ended. A key
# whose time has ended takes its place until the next round (`checkperiod`, ten minutes) or until somebody asks for it.
# For a memory: the cache is there for speed, its errors are caught, and readers are answered with what has been changed since.
# Here: not used; what the cache in memory holds makes room for what is newer (src/coordination/embedded/).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts node-cache@5.1.2
cat >try.js <<'JS'
import { setTimeout } from 'node:timers/promises'
import NodeCache from 'node-cache'

const written = (cache, key, value, seconds) => {
  try {
    return cache.set(key, value, seconds)
  } catch (error) {
    return error.message
  }
}
const cache = new NodeCache({ maxKeys: 2 })
const seen = { first: [written(cache, 'a', 'old'), written(cache, 'b', 'short', 0.02)] }
seen.again = [written(cache, 'a', 'new'), cache.get('a')]
await setTimeout(100)
seen.ended = [written(cache, 'c', 'more'), cache.get('b') ?? 'gone', written(cache, 'c', 'more')]
cache.close()
console.log(JSON.stringify(seen, null, 1))
const full = 'Cache max keys amount exceeded'
const expected = { first: [true, true], again: [full, 'old'], ended: [full, 'gone', true] }
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
