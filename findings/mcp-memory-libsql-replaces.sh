#!/usr/bin/env bash
# mcp-memory-libsql 0.0.17. Expected: create_entities ("Create new entities with observations", the only tool that takes observations)
# adds to an entity that is there, or leaves it; a search for "100%" finds that text.
# Seen: the second call replaces all that was observed before, answers "Successfully processed", and keeps nothing of it; and `%` and `_`
# in a query stand for any letters: "100%" finds "100 of 200", "max_retries" finds "max retries".
# Here: every version of an entry is kept; a query's letters mean themselves.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts mcp-memory-libsql@0.0.17 @modelcontextprotocol/client@2.4.0
cat >try.js <<'JS'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'

const transport = new StdioClientTransport({
  command: process.execPath,
  args: ['node_modules/mcp-memory-libsql/dist/index.js'],
  env: { PATH: process.env.PATH, LIBSQL_URL: `file:${process.cwd()}/memory.db` },
  stderr: 'ignore',
})
const client = new Client({ name: 'try', version: '1' })
await client.connect(transport)
const create = (name, ...observations) =>
  client.callTool({ name: 'create_entities', arguments: { entities: [{ name, entityType: 'note', observations }] } })
const search = async (query) => {
  const { content } = await client.callTool({ name: 'search_nodes', arguments: { query } })
  return JSON.parse(content[0].text).entities.map(({ name, observations }) => `${name}: ${observations.join(', ')}`)
}
await create('Ada', 'uses redis', 'likes scripts')
const { isError, content } = await create('Ada', 'moved to Oslo')
await create('Counts', '100 of 200', 'max retries')
const seen = { isError: isError ?? false, ada: await search('Ada'), percent: await search('100%'), underscore: await search('max_retries') }
await client.close()
console.log(content[0].text)
console.log(JSON.stringify(seen, null, 1))
const counts = ['Counts: 100 of 200, max retries']
const expected = { isError: false, ada: ['Ada: moved to Oslo'], percent: counts, underscore: counts }
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
