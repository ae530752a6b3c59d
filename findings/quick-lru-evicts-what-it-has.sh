#!/usr/bin/env bash
# quick-lru 7.3.0. Expected: onEviction is "called right before an item is evicted from the cache", once for each key that goes.
# https://github.com/sindresorhus/quick-lru#onevictionkey-value
# Seen: a key whose value has been written anew is reported with its old value while it stays in the cache with the new one; it is reported
# again when it goes. Which keys it is depends on how many others were written between. A value that is replaced at once is not reported at
# all.
# For a memory: an index beside the cache, or the connection that a key holds, is taken away on that call, and the key is still given out.
# Here: lru-cache, which names the reason (`set`, `evict`) of each value that goes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts quick-lru@7.3.0
cat >try.js <<'JS'
import QuickLRU from 'quick-lru'

const seen = []
const cache = new QuickLRU({ maxSize: 2, onEviction: (key, value) => seen.push(`${key}=${value}`) })
cache.set('a', 'old')
cache.set('b', 'b')
cache.set('a', 'new')
cache.set('c', 'c')
const reported = seen.join(' ')
const kept = `a=${cache.peek('a')}`
console.log(`reported as evicted: ${reported}; in the cache: ${kept}`)
const isAsDescribed = reported === 'a=old b=b' && kept === 'a=new'
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
