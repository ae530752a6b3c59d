#!/usr/bin/env bash
# @modelcontextprotocol/server 2.4.0 with zod. Expected: a tool whose schema cannot be said in JSON Schema (a date, a transform in
# what it returns) is refused by registerTool, or left out of the list.
# Seen: registerTool takes it, and from then on tools/list is an error, whatever tools there are, though each can be called. What
# one module registers hides the tools of all others.
# Here: the list is made with `unrepresentable: 'any'` (src/transports/mcp/tools/schema-summary.ts).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts @modelcontextprotocol/client@2.4.0 @modelcontextprotocol/server@2.4.0 zod@4.6.7
cat >try.js <<'JS'
import { Client, InMemoryTransport } from '@modelcontextprotocol/client'
import { McpServer } from '@modelcontextprotocol/server'
import { z } from 'zod'

async function outcome(schemas) {
  const server = new McpServer({ name: 's', version: '1' })
  server.registerTool('search', {}, async () => ({ content: [{ type: 'text', text: 'found' }] }))
  if (schemas) server.registerTool('other', schemas, async () => ({ content: [] }))
  const client = new Client({ name: 'c', version: '1' })
  const [one, other] = InMemoryTransport.createLinkedPair()
  await server.connect(one)
  await client.connect(other)
  const listed = await client.listTools().then(({ tools }) => tools.length, (error) => error.message)
  const { content } = await client.callTool({ name: 'search' })
  await client.close()
  return { listed, search: content[0].text }
}
const seen = {
  alone: await outcome(),
  dateTaken: await outcome({ inputSchema: z.object({ since: z.date() }) }),
  dateGiven: await outcome({ outputSchema: z.object({ at: z.date() }) }),
  transform: await outcome({ outputSchema: z.object({ size: z.string().transform(Number) }) }),
}
for (const [name, result] of Object.entries(seen)) console.log(name, JSON.stringify(result))
const { alone, ...others } = seen
const isAsDescribed =
  alone.listed === 1 &&
  Object.values(others).every(({ listed, search }) => /cannot be represented/.test(listed) && search === 'found')
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
