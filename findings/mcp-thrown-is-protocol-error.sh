#!/usr/bin/env bash
# mcp-lite 0.10.0 and tmcp 1.20.0 with @modelcontextprotocol/sdk 1.32.2. Expected: what a tool throws is a result with `isError`, which
# the model is shown, as the specification says for errors of a tool and as the SDK's own server does.
# Seen: both answer with the error -32603 of the protocol, so the client's callTool is rejected and a host has nothing to show the model;
# mcp-lite has "Internal error" for the message. An argument that does not fit is an `isError` of tmcp and an error of mcp-lite.
# For a memory: "this entry is locked by another agent" ends the turn instead of being read.
# Here: a refusal is a result (src/transports/mcp/tools/tools.ts).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts mcp-lite@0.10.0 tmcp@1.20.0 @tmcp/transport-http@0.9.0 @modelcontextprotocol/sdk@1.32.2
cat >try.js <<'JS'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import { McpServer as Official } from '@modelcontextprotocol/sdk/server/mcp.js'
import { HttpTransport } from '@tmcp/transport-http'
import { InMemorySessionAdapter, McpServer as Lite, StreamableHttpTransport } from 'mcp-lite'
import { McpServer as Tmcp } from 'tmcp'

const names = { name: 'memory', version: '1' }
const locked = () => {
  throw new Error('locked by another agent')
}
async function called(transport) {
  const client = new Client({ name: 'try', version: '1' })
  await client.connect(transport)
  return client.callTool({ name: 'add', arguments: {} }).then(
    ({ isError, content }) => `isError ${isError}: ${content[0].text}`,
    ({ message }) => `rejected: ${message}`,
  )
}
const over = (answer) =>
  new StreamableHTTPClientTransport(new URL('http://127.0.0.1/mcp'), {
    fetch: async (address, options) => (await answer(new Request(address, { ...options, duplex: 'half' }))) ?? new Response(null, { status: 404 }),
  })

console.warn = () => {}
const official = new Official(names)
official.registerTool('add', {}, locked)
const [a, b] = InMemoryTransport.createLinkedPair()
await official.connect(a)
const lite = new Lite(names)
lite.tool('add', { description: 'adds', handler: locked })
const tmcp = new Tmcp(names, { capabilities: { tools: {} } })
tmcp.tool({ name: 'add', description: 'adds' }, locked)
const tmcpTransport = new HttpTransport(tmcp, { path: '/mcp' })
const seen = [
  await called(b),
  await called(over(new StreamableHttpTransport({ sessionAdapter: new InMemorySessionAdapter({ maxEventBufferSize: 9 }) }).bind(lite))),
  await called(over((request) => tmcpTransport.respond(request))),
]
for (const [i, answer] of seen.entries()) console.log(`${['the SDK', 'mcp-lite', 'tmcp'][i]}: ${answer}`)
const expected = [
  'isError true: locked by another agent',
  'rejected: MCP error -32603: Internal error',
  'rejected: MCP error -32603: locked by another agent',
]
const isAsDescribed = seen.join('|') === expected.join('|')
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
