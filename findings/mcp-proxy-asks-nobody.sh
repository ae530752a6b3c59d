#!/usr/bin/env bash
# mcp-proxy 6.7.19 with @modelcontextprotocol/sdk 1.32.2. Expected: a server behind it can ask the client what it could ask it directly,
# as progress, logging and cancelling pass through in both directions.
# Seen: the proxy is a client of its own to the server, and one that can nothing: a client that declares elicitation, sampling and roots
# is shown to the server with no capability at all, so a server that would ask before it deletes does not, or fails.
# For a memory: the question whether two entries are to be merged never reaches the person.
# Here: no operation asks the client; what it has to know it takes as an argument.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts mcp-proxy@6.7.19 @modelcontextprotocol/sdk@1.32.2
cat >server.js <<'JS'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'

const server = new McpServer({ name: 'memory', version: '1' })
server.registerTool('client', {}, () => {
  const text = Object.keys(server.server.getClientCapabilities()).toSorted().join(' ') || 'nothing'
  return { content: [{ type: 'text', text }] }
})
await server.connect(new StdioServerTransport())
JS
cat >try.js <<'JS'
import { spawn } from 'node:child_process'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { createServer } from 'node:net'

const probe = createServer().listen(0, '127.0.0.1')
await new Promise((resolve) => probe.once('listening', resolve))
const { port } = probe.address()
await new Promise((resolve) => probe.close(resolve))
const proxy = spawn(
  process.execPath,
  ['node_modules/mcp-proxy/dist/bin/mcp-proxy.mjs', '--port', `${port}`, '--host', '127.0.0.1', '--', process.execPath, 'server.js'],
  { stdio: 'ignore' },
)
const capabilities = { elicitation: {}, sampling: {}, roots: {} }
async function told(open) {
  const client = new Client({ name: 'try', version: '1' }, { capabilities })
  await client.connect(open())
  const { content } = await client.callTool({ name: 'client', arguments: {} })
  await client.close()
  return content[0].text
}
const direct = await told(() => new StdioClientTransport({ command: process.execPath, args: ['server.js'] }))
let proxied
for (let i = 0; i < 100 && proxied === undefined; i += 1) {
  await new Promise((resolve) => setTimeout(resolve, 100))
  proxied = await told(() => new StreamableHTTPClientTransport(new URL(`http://127.0.0.1:${port}/mcp`))).catch(() => undefined)
}
proxy.kill()
console.log(`directly: ${direct}\nthrough the proxy: ${proxied}`)
const isAsDescribed = direct === 'elicitation roots sampling' && proxied === 'nothing'
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
