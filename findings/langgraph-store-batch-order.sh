#!/usr/bin/env bash
# @langchain/langgraph-checkpoint 1.2.2, InMemoryStore. Expected: the operations of one batch take effect in their order, as they do in the
# PostgresStore of the same project; a filter on a list finds what has that list; and what was read is a copy.
# Seen: all reading is done first, so a get or a search after a put in the same batch does not see it; a filter compares by reference, so
# { tags: ['a'] } and { owner: { id: 1 } } find nothing; and a change to what get() has given is a change in the store.
# For a memory: what passes in a test with this store is another thing on PostgreSQL.
# Here: not used.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts --legacy-peer-deps @langchain/langgraph-checkpoint@1.2.2 @langchain/core@1.4.0
cat >try.js <<'JS'
import { InMemoryStore } from '@langchain/langgraph-checkpoint'

const store = new InMemoryStore()
const namespace = ['notes']
const value = { text: 'one', tags: ['a'], owner: { id: 1 } }
const [, read, found] = await store.batch([
  { namespace, key: 'one', value },
  { namespace, key: 'one' },
  { namespacePrefix: namespace, limit: 10, offset: 0 },
])
const count = async (filter) => (await store.search(namespace, { filter })).length
const seen = {
  inBatch: [read, found.length],
  found: [await count({ text: 'one' }), await count({ tags: ['a'] }), await count({ owner: { id: 1 } })],
}
const given = await store.get(namespace, 'one')
given.value.text = 'changed'
seen.afterChange = (await store.get(namespace, 'one')).value.text
console.log(JSON.stringify(seen))
const isAsDescribed = JSON.stringify(seen) === JSON.stringify({ inBatch: [null, 0], found: [1, 0, 0], afterChange: 'changed' })
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
