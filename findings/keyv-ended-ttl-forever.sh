#!/usr/bin/env bash
# keyv 6.1.0. Expected: a value that is written with a remaining time below zero has ended: its README says of adapters that a write
# whose deadline has passed makes an absent key, and keyv 5.6.0 answers undefined.
# https://www.npmjs.com/package/keyv
# Seen: it is kept for ever, past the default `ttl` of the instance too. `deadline - Date.now()` is what one writes: up to the last
# millisecond the value goes in time, and one that comes a millisecond late never goes.
# For a memory: an answer that was copied a moment too late from one cache to another is given out until the process ends.
# Here: not used; what the cache in memory holds has a time at which it ends (src/coordination/embedded/).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts keyv@6.1.0 older@npm:keyv@5.6.0
cat >try.js <<'JS'
import { setTimeout } from 'node:timers/promises'
import Keyv from 'keyv'
import Older from 'older'

async function kept(library) {
  const cache = new library({ ttl: 40 })
  const ends = { soon: 1, late: -1 }
  for (const [name, remaining] of Object.entries(ends)) await cache.set(name, name, remaining)
  await cache.set('default', 'default')
  await setTimeout(100)
  return Object.fromEntries(
    await Promise.all(['soon', 'late', 'default'].map(async (name) => [name, (await cache.get(name)) ?? 'gone'])),
  )
}
const seen = { keyv6: await kept(Keyv), keyv5: await kept(Older) }
console.log(JSON.stringify(seen))
const gone = { soon: 'gone', late: 'gone', default: 'gone' }
const isAsDescribed = JSON.stringify(seen) === JSON.stringify({ keyv6: { ...gone, late: 'late' }, keyv5: gone })
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
