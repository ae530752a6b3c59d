#!/usr/bin/env bash
# @langchain/langgraph-checkpoint-postgres 1.0.5. Expected: search(['user', '1']) finds what is kept under user/1 and below it, as the
# InMemoryStore of the same project does.
# Seen: the namespace is compared as the begin of one text, so what is kept under user/10 and user/1x is found too, and listed for the
# prefix user/1; `maxDepth: 1` lists nothing, and neither does a `*` in a prefix. A label with `_` or `%` is refused on that account.
# For a memory: one user is answered with what another has said, as soon as there are ten of them.
# Here: not used; a scope is compared as a whole. The server is PGlite, a PostgreSQL in a package.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts \
  @langchain/langgraph-checkpoint-postgres@1.0.5 @langchain/langgraph-checkpoint@1.2.2 @langchain/langgraph@1.7.3 @langchain/core@1.4.0 \
  @electric-sql/pglite@0.5.14 @electric-sql/pglite-socket@0.2.17
cat >try.js <<'JS'
import { PGlite } from '@electric-sql/pglite'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'
import { InMemoryStore } from '@langchain/langgraph-checkpoint'
import { PostgresStore } from '@langchain/langgraph-checkpoint-postgres/store'

const db = await PGlite.create()
const server = new PGLiteSocketServer({ db, port: 0, host: '127.0.0.1', maxConnections: 10 })
await server.start()
const port = Number(server.getServerConn().split(':').pop())
const postgres = PostgresStore.fromConnString(`postgres://postgres@127.0.0.1:${port}/postgres`)
await postgres.setup()
const names = (list) => list.map((namespace) => namespace.join('/')).toSorted().join(' ')
const kept = [['user', '1'], ['user', '1', 'notes'], ['user', '10'], ['user', '1x']]
const seen = []
for (const store of [new InMemoryStore(), postgres]) {
  for (const namespace of kept) await store.put(namespace, 'key', { is: 'kept' })
  const found = (await store.search(['user', '1'])).map(({ namespace }) => namespace)
  const listed = await store.listNamespaces({ prefix: ['user', '1'] })
  const shallow = await store.listNamespaces({ maxDepth: 1 })
  const anyUser = await store.listNamespaces({ prefix: ['user', '*', 'notes'] })
  seen.push([found, listed, shallow, anyUser].map(names))
  console.log(`${store.constructor.name}: ${seen.at(-1).map((text) => text || 'nothing').join(' | ')}`)
}
await postgres.stop()
await server.stop()
await db.close()
const expected = [
  ['user/1 user/1/notes', 'user/1 user/1/notes', 'user', 'user/1/notes'],
  ['user/1 user/1/notes user/10 user/1x', 'user/1 user/1/notes user/10 user/1x', '', ''],
]
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
