#!/usr/bin/env bash
# cache-manager 7.2.9 with keyv 5.6.0. Expected: a value that stands in the second store, which may be a Redis, ends in both stores when
# its time ends there; its README calls them tiers, of which the first is asked first.
# https://github.com/jaredwray/cacheable/tree/main/packages/cache-manager#wrap
# Seen: wrap() copies what it found in the second store into the first for the whole `ttl` of the call, whatever was left of it: a value
# that had 60 ms to go is given out a second later, when the second store has long dropped it. get() copies nothing, nor does mget().
# For a memory: an answer is given out for up to twice the time that it was to live.
# Here: not used; an answer in memory ends when an entry it was made of changes (src/services/cached-reads.ts).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts cache-manager@7.2.9 keyv@5.6.0
cat >try.js <<'JS'
import { setTimeout } from 'node:timers/promises'
import { createCache } from 'cache-manager'
import { Keyv } from 'keyv'

async function after(read) {
  const [near, far] = [new Keyv(), new Keyv()]
  const cache = createCache({ stores: [near, far] })
  await far.set('entry', 'old', 60)
  const first = await read(cache)
  await setTimeout(200)
  return { first, far: (await far.get('entry')) ?? 'gone', cache: (await cache.get('entry')) ?? 'gone' }
}
const seen = {
  get: await after((cache) => cache.get('entry')),
  wrap: await after((cache) => cache.wrap('entry', () => 'new', 60_000)),
}
console.log(JSON.stringify(seen))
const expected = { get: { first: 'old', far: 'gone', cache: 'gone' }, wrap: { first: 'old', far: 'gone', cache: 'old' } }
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
