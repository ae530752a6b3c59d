#!/usr/bin/env bash
# @modelcontextprotocol/sdk 1.32.2 (client). Expected: a tool's answer with `isError: true` reaches the caller as it is: an error has
# no result that could fit the tool's outputSchema. The client of version 2.4.0 hands it on.
# Seen: an error that says what went wrong in structuredContent too is checked against the outputSchema; the call is rejected with
# "Structured content does not match the tool's output schema", and what the server said of the error is lost.
# Here: an outputSchema requires no field and forbids none, so an error fits each (src/transports/mcp/tools/listed-tools.ts).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts @modelcontextprotocol/sdk@1.32.2 @modelcontextprotocol/server@2.4.0 @modelcontextprotocol/client@2.4.0 zod@4.6.7
cat >try.js <<'JS'
import * as two from '@modelcontextprotocol/client'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import * as serverTwo from '@modelcontextprotocol/server'
import { z } from 'zod'

const outputSchema = z.object({ entry: z.string() })
const failed = () => ({
  isError: true,
  content: [{ type: 'text', text: 'NOT_FOUND: no such entry' }],
  structuredContent: { code: 'NOT_FOUND' },
})
async function outcome(Server, Client, Transport) {
  const server = new Server({ name: 's', version: '1' })
  server.registerTool('get', { outputSchema }, failed)
  const client = new Client({ name: 'c', version: '1' })
  const [one, other] = Transport.createLinkedPair()
  await server.connect(one)
  await client.connect(other)
  await client.listTools()
  const call = client.callTool({ name: 'get', arguments: {} })
  return call.then(({ content }) => content[0].text, (error) => `rejected: ${error.message}`)
}
const seen = {
  v1: await outcome(McpServer, Client, InMemoryTransport),
  v2: await outcome(serverTwo.McpServer, two.Client, two.InMemoryTransport),
}
console.log(JSON.stringify(seen, null, 1))
const isAsDescribed = /^rejected: .*does not match the tool's output schema/.test(seen.v1) && seen.v2 === 'NOT_FOUND: no such entry'
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
