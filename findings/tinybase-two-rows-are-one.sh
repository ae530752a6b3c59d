#!/usr/bin/env bash
# tinybase 10.0.1, MergeableStore. Expected: what two stores have added while apart are two rows when they are merged: addRow returns "the unique
# Id assigned to it", and this store is the one that is there to be merged.
# https://tinybase.org/api/the-essentials/setting-data/addrow
# Seen: each store counts from the rows that it knows. Both call the next row "0" (or "1" when they have one in common), and the two become
# one row: of a cell that both have only one text is left, and cells that only one has stand beside the other's. Nothing tells, and
# `reuseRowIds` set to false changes nothing.
# For a memory: of two notes that two agents add at the same time one remains, with the other's author and tags on it.
# Here: not used; an entry's id is random (src/domain/ids.ts).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts --legacy-peer-deps tinybase@10.0.1
cat >try.js <<'JS'
import { createMergeableStore } from 'tinybase'

let now = 1_700_000_000_000
const store = () => createMergeableStore(undefined, () => now++)
function merged(common, reuse) {
  const [ada, bob] = [store(), store()]
  if (common) ada.addRow('note', { text: 'known to both' })
  ada.merge(bob)
  const ids = [ada.addRow('note', { text: 'use tabs', by: 'Ada' }, reuse), bob.addRow('note', { text: 'no Fridays', tag: 'deploy' }, reuse)]
  ada.merge(bob)
  return [ids, ...[ada, bob].map((one) => JSON.stringify(one.getRow('note', ids[0]), ['by', 'tag', 'text']))]
}
const seen = { apart: merged(false), common: merged(true), noReuse: merged(false, false) }
console.log(JSON.stringify(seen, null, 1))
const row = '{"by":"Ada","tag":"deploy","text":"no Fridays"}'
const expected = { apart: [['0', '0'], row, row], common: [['1', '1'], row, row], noReuse: [['0', '0'], row, row] }
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
