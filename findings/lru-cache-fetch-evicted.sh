#!/usr/bin/env bash
# lru-cache 11.5.3, `fetch`. Expected: a caller gets what fetchMethod gives; how many values fit decides what is kept, not what is answered.
# https://github.com/isaacs/node-lru-cache#cachefetchk-options
# Seen: what is being fetched takes a place. Three keys that are asked for at the same time of a cache with two places: the first caller is
# rejected with "evicted", though nothing is wrong with the source and the value arrives. A `delete` of the key meanwhile rejects too. The
# option `ignoreFetchAbort: true` answers all.
# For a memory: a burst of questions that is larger than the cache fails where without a cache it would be slow.
# Here: lru-cache is given what has been loaded, and nothing is asked of its `fetch` (src/coordination/local-answers.ts).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts lru-cache@11.5.3
cat >try.js <<'JS'
import { setTimeout } from 'node:timers/promises'
import { LRUCache } from 'lru-cache'

async function asked(options, work) {
  const fetchMethod = async (key) => {
    await setTimeout(20)
    return key
  }
  const cache = new LRUCache({ max: 2, fetchMethod, ...options })
  const answers = Promise.allSettled(['a', 'b', 'c'].map((key) => cache.fetch(key)))
  work?.(cache)
  return (await answers).map(({ value, reason }) => value ?? reason.message).join()
}
const seen = {
  'two places': await asked(),
  'three places': await asked({ max: 3 }),
  'c is deleted': await asked({ max: 3 }, (cache) => cache.delete('c')),
  'aborts ignored': await asked({ ignoreFetchAbort: true }),
}
console.log(JSON.stringify(seen, null, 1))
const expected = { 'two places': 'evicted,b,c', 'three places': 'a,b,c', 'c is deleted': 'a,b,deleted', 'aborts ignored': 'a,b,c' }
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
