#!/usr/bin/env bash
# fastmcp 4.20.16, its tool called with the client of @modelcontextprotocol/sdk 1.32.2. Expected: after logging/setLevel the server sends
# messages of that level and above; it says the `logging` capability and answers the request.
# https://modelcontextprotocol.io/specification/2025-11-25/server/utilities/logging
# Seen: the request is answered and changes nothing: `debug` and `info` are sent on. A server of the SDK itself keeps to the level.
# For a memory: a client that asked for errors alone is given every line, and a model that is shown them reads on.
# Here: not used.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts fastmcp@4.20.16 @modelcontextprotocol/sdk@1.32.2
cat >fast.js <<'JS'
import { FastMCP } from 'fastmcp'

const server = new FastMCP({ name: 'fast', version: '1.0.0' })
const execute = async (_, { log }) => {
  for (const level of ['debug', 'info', 'error']) log[level](level)
  return 'done'
}
server.addTool({ name: 'work', description: 'Works', execute })
await server.start({ transportType: 'stdio' })
JS
cat >plain.js <<'JS'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'

const mcp = new McpServer({ name: 'plain', version: '1' }, { capabilities: { logging: {} } })
mcp.registerTool('work', {}, async () => {
  for (const level of ['debug', 'info', 'error']) await mcp.server.sendLoggingMessage({ level, data: level })
  return { content: [{ type: 'text', text: 'done' }] }
})
await mcp.connect(new StdioServerTransport())
JS
cat >try.js <<'JS'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { LoggingMessageNotificationSchema } from '@modelcontextprotocol/sdk/types.js'

async function levels(script) {
  const client = new Client({ name: 'client', version: '1' })
  const seen = []
  client.setNotificationHandler(LoggingMessageNotificationSchema, ({ params }) => {
    seen.push(params.level)
  })
  await client.connect(new StdioClientTransport({ command: process.execPath, args: [script], stderr: 'ignore' }))
  await client.setLoggingLevel('error')
  await client.callTool({ name: 'work' })
  // Whatever was sent before the answer to this has arrived with it.
  await client.ping()
  await client.close()
  return seen
}
const seen = { fastmcp: await levels('fast.js'), sdk: await levels('plain.js') }
console.log(JSON.stringify(seen))
const isAsDescribed = JSON.stringify(seen) === JSON.stringify({ fastmcp: ['debug', 'info', 'error'], sdk: ['error'] })
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
