#!/usr/bin/env bash
# vectra 0.12.3. Expected: a filter is met by the items whose metadata has the value, be it false, 0 or an empty text; and upsertItem leaves an item
# as if it had been inserted so: a similarity is at most 1.
# https://github.com/Stevenic/vectra#readme
# Seen: `{ done: false }` finds nothing, nor do `{ tries: 0 }` and `{ tag: '' }`; `{ tries: { $gte: 0 } }` leaves out those with 0. For true,
# 1 and a text it works, so a first look is well. An item that was upserted keeps the length of its old vector: [10, 0] in place of
# [1, 0] is like [1, 0] by 10, and comes before all others.
# For a memory: "what is not done" is answered with nothing, and what was once changed is the best answer to every question.
# Here: not used; a filter is part of the query, and a vector's length is read from it (src/domain/words/vectors/).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts vectra@0.12.3
cat >try.js <<'JS'
import { LocalIndex } from 'vectra'

const fields = ['done', 'tries', 'tag']
const index = new LocalIndex('index')
await index.createIndex({ version: 1, metadata_config: { indexed: fields } })
await index.insertItem({ id: 'open', vector: [1, 0], metadata: { done: false, tries: 0, tag: '' } })
await index.insertItem({ id: 'done', vector: [0.6, 0.8], metadata: { done: true, tries: 1, tag: 'ui' } })
const found = async (filter) => (await index.queryItems([0.6, 0.8], '', 9, filter)).map(({ item, score }) => `${item.id} ${score.toFixed(1)}`)
const filters = [{}, { done: true }, { done: false }, { tries: 1 }, { tries: 0 }, { tries: { $gte: 0 } }, { tag: '' }]
const seen = []
for (const filter of filters) seen.push([JSON.stringify(filter), await found(filter)])
await index.upsertItem({ id: 'open', vector: [10, 0], metadata: { done: true, tries: 1, tag: 'ui' } })
seen.push(['after upsertItem', await found()])
for (const line of seen) console.log(JSON.stringify(line))
const expected = [
  ['{}', ['done 1.0', 'open 0.6']],
  ['{"done":true}', ['done 1.0']],
  ['{"done":false}', []],
  ['{"tries":1}', ['done 1.0']],
  ['{"tries":0}', []],
  ['{"tries":{"$gte":0}}', ['done 1.0']],
  ['{"tag":""}', []],
  ['after upsertItem', ['open 6.0', 'done 1.0']],
]
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
