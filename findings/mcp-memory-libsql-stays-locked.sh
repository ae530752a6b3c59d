#!/usr/bin/env bash
# mcp-memory-libsql 0.0.17. Expected: a write that met another process' write is refused or waits, and works when it is tried again
# alone.
# Seen: after two processes wrote at the same moment, every later write is refused with "SQLITE_BUSY: database is locked", also
# seconds later, and in the one process that is left when the other has ended: its own failed transaction stays open.
# Here: writers of one database take turns; `npm run bench -- peers` counts both.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts mcp-memory-libsql@0.0.17 @modelcontextprotocol/client@2.4
cat >try.js <<'JS'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'

async function open() {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: ['node_modules/mcp-memory-libsql/dist/index.js'],
    env: { PATH: process.env.PATH, LIBSQL_URL: `file:${process.cwd()}/memory.db` },
    stderr: 'ignore',
  })
  const client = new Client({ name: 'try', version: '1' })
  await client.connect(transport)
  return client
}
const write = async (client, name) => {
  const entities = [{ name, entityType: 'note', observations: ['a word'] }]
  const { isError, content } = await client.callTool({ name: 'create_entities', arguments: { entities } })
  return isError ? content[0].text : 'written'
}

const one = await open()
const alone = await write(one, 'alone')
// Which of the two is left so is chance.
const isLocked = (text) => /database is locked/.test(text)
let left = []
for (let round = 0; round < 10 && !left.some(isLocked); round++) {
  const two = await open()
  await Promise.all(
    [one, two].map(async (client, writer) => {
      for (let nth = 0; nth < 20; nth++) await write(client, `${round} ${writer} ${nth}`)
    }),
  )
  await two.close()
  left = []
  for (let nth = 0; nth < 3; nth++) left.push(await write(one, `left ${round} ${nth}`))
}
await one.close()
console.log(JSON.stringify({ alone, left }, null, 1))
const isAsDescribed = alone === 'written' && left.every(isLocked)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
