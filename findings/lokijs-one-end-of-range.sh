#!/usr/bin/env bash
# lokijs 1.5.12 and @seald-io/nedb 4.1.2, whose queries are written as MongoDB's. Expected: { n: { $gt: 2, $lt: 15 } } is met between
# the two, and what { tags: 'draft' } finds, { tags: { $ne: 'draft' } } does not, as in MongoDB.
# https://github.com/techfort/LokiJS/wiki/Query-Examples and https://github.com/seald/nedb#finding-documents
# Seen: lokijs looks at the first operator only: $gt before $lt finds 20, $lt before $gt finds 1. NeDB finds a note with the tag and
# another one with `$ne` and with `$nin` of that tag, because one element that meets a condition is enough; only `$not` leaves it out.
# `{ tags: null }` finds nothing, not even what has no tags.
# For a memory: a range of times has one end only, and "all but drafts" finds the drafts.
# Here: not used; filters are SQL (src/store/entries/).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts lokijs@1.5.12 @seald-io/nedb@4.1.2
cat >try.js <<'JS'
import Nedb from '@seald-io/nedb'
import Loki from 'lokijs'

const numbers = new Loki('memory').addCollection('numbers')
numbers.insert([1, 5, 10, 20].map((n) => ({ n })))
const inLoki = (n) => numbers.find({ n }).map((each) => each.n).join(' ')
const notes = new Nedb()
await notes.insertAsync([{ n: 1, tags: ['draft', 'web'] }, { n: 2, tags: ['web'] }, { n: 3 }])
const inNedb = async (query) => (await notes.findAsync(query)).map(({ n }) => n).toSorted().join(' ')
const seen = {
  between: inLoki({ $between: [2, 15] }),
  gtFirst: inLoki({ $gt: 2, $lt: 15 }),
  ltFirst: inLoki({ $lt: 15, $gt: 2 }),
  is: await inNedb({ tags: 'draft' }),
  ne: await inNedb({ tags: { $ne: 'draft' } }),
  nin: await inNedb({ tags: { $nin: ['draft'] } }),
  not: await inNedb({ $not: { tags: 'draft' } }),
  null: await inNedb({ tags: null }),
}
console.log(JSON.stringify(seen, null, 1))
const expected = { between: '5 10', gtFirst: '5 10 20', ltFirst: '1 5 10', is: '1', ne: '1 2 3', nin: '1 2 3', not: '2 3', null: '' }
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
