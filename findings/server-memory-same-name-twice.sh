#!/usr/bin/env bash
# @modelcontextprotocol/server-memory 2026.8.31. Expected: an entity's name is its identity, so one call of create_entities with
# a name twice keeps one of them (as a second call with that name does), and a relation needs two entities that are there.
# Seen: both of one call are stored; a second call stores nothing; add_observations then reaches only the first; a relation to a
# name that no entity has is stored.
# Here: `import --from server-memory` joins entities of one name, and names a relation to a name that is not there as left out.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund @modelcontextprotocol/server-memory@2026.8.31 @modelcontextprotocol/client@2.4
cat >try.js <<'JS'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'

const transport = new StdioClientTransport({
  command: process.execPath,
  args: ['node_modules/@modelcontextprotocol/server-memory/dist/index.js'],
  env: { PATH: process.env.PATH, MEMORY_FILE_PATH: `${process.cwd()}/memory.jsonl` },
  stderr: 'ignore',
})
const client = new Client({ name: 'try', version: '1' })
await client.connect(transport)
const call = async (name, args) => (await client.callTool({ name, arguments: args })).structuredContent
const ada = (words) => ({ name: 'Ada', entityType: 'person', observations: [words] })

await call('create_entities', { entities: [ada('one'), ada('two')] })
const again = await call('create_entities', { entities: [ada('three')] })
await call('create_relations', { relations: [{ from: 'Ada', to: 'Nobody', relationType: 'knows' }] })
await call('add_observations', { observations: [{ entityName: 'Ada', contents: ['four'] }] })
const graph = await call('read_graph', {})
await client.close()

const seen = {
  kept: graph.entities.map(({ name, observations }) => `${name}: ${observations.join(', ')}`),
  again: again.entities.length,
  relations: graph.relations.map(({ from, to }) => `${from} -> ${to}`),
}
console.log(JSON.stringify(seen, null, 1))
const expected = { kept: ['Ada: one, four', 'Ada: two'], again: 0, relations: ['Ada -> Nobody'] }
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
