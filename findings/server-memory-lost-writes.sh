#!/usr/bin/env bash
# @modelcontextprotocol/server-memory 2026.8.31. Expected: what one process has acknowledged as written is there, also where
# another process (each client starts its own) writes to the same file at that moment.
# Seen: of 200 entities that four processes create, one after another in each, and that are all acknowledged, most are gone.
# Here: writers of one database take turns; `npm run bench -- peers` counts both.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts @modelcontextprotocol/server-memory@2026.8.31 @modelcontextprotocol/client@2.4
cat >try.js <<'JS'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'

async function open() {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: ['node_modules/@modelcontextprotocol/server-memory/dist/index.js'],
    env: { PATH: process.env.PATH, MEMORY_FILE_PATH: `${process.cwd()}/memory.jsonl` },
    stderr: 'ignore',
  })
  const client = new Client({ name: 'try', version: '1' })
  await client.connect(transport)
  return client
}
const write = async (client, name) => {
  const entities = [{ name, entityType: 'note', observations: ['a word'] }]
  const { isError } = await client.callTool({ name: 'create_entities', arguments: { entities } })
  return isError !== true
}

const writers = await Promise.all([open(), open(), open(), open()])
let acknowledged = 0
await Promise.all(
  writers.map(async (client, writer) => {
    for (let nth = 0; nth < 50; nth++) if (await write(client, `${writer} ${nth}`)) acknowledged++
  }),
)
for (const client of writers) await client.close()
const reader = await open()
const { structuredContent } = await reader.callTool({ name: 'read_graph', arguments: {} })
await reader.close()
const there = structuredContent.entities.length
console.log(`acknowledged ${acknowledged}, there ${there}`)
const isAsDescribed = acknowledged === 200 && there < 200
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
