#!/usr/bin/env bash
# keyv 5.6.0. Expected: two instances with a namespace each, on one Map, keep apart: clear() "delete[s] all entries in the current
# namespace", and no key of one is a key of the other.
# Seen: clear() of one empties the Map, the other namespace with it; and the key `b:c` of the namespace `a` is the key `c` of the
# namespace `a:b`: the second write replaces the first.
# Here: not used.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts keyv@5.6.0
cat >try.js <<'JS'
import Keyv from 'keyv'

const store = new Map()
const open = (namespace) => new Keyv({ store, namespace })
const [one, other] = [open('one'), open('other')]
await one.set('key', 1)
await other.set('key', 2)
await one.clear()
const afterClear = (await other.get('key')) ?? 'gone'
const [a, ab] = [open('a'), open('a:b')]
await a.set('b:c', 'of a')
await ab.set('c', 'of a:b')
const seen = { afterClear, shared: await a.get('b:c') }
console.log(JSON.stringify(seen))
const isAsDescribed = JSON.stringify(seen) === JSON.stringify({ afterClear: 'gone', shared: 'of a:b' })
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
