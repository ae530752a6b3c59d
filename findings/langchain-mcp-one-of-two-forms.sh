#!/usr/bin/env bash
# @langchain/mcp-adapters 1.1.4 with @modelcontextprotocol/sdk 1.32.2. Expected: an argument that fits the tool's inputSchema is sent.
# Seen: the forms of a `oneOf` or `anyOf` become one object, in which the last form's `const` stands for all, and a form that is no object
# is left out. Of { kind: 'text', … } and { kind: 'file', … } the second alone can be sent, of a name and an object the object alone:
# "Received tool input did not match expected schema". What is neither form is sent, and the model is shown the merged schema.
# For a memory: a tool whose argument is a union (what to do, and what that needs) does one thing of several.
# Here: no listed argument is a union of objects (src/transports/mcp/tools/schema-summary.ts).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts \
  @langchain/mcp-adapters@1.1.4 @langchain/core@1.4.0 @langchain/langgraph@1.7.3 @modelcontextprotocol/sdk@1.32.2
cat >server.js <<'JS'
import { Server } from '@modelcontextprotocol/sdk/server/index.js'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js'

const form = (kind, rest) => ({ type: 'object', properties: { kind: { const: kind }, ...rest }, required: ['kind', ...Object.keys(rest)] })
const entry = { oneOf: [form('text', { text: { type: 'string' } }), form('file', { path: { type: 'string' } })] }
const scope = { anyOf: [{ type: 'string' }, { type: 'object', properties: { id: { type: 'string' } } }] }
const inputSchema = { type: 'object', properties: { entry, scope } }
const server = new Server({ name: 'memory', version: '1' }, { capabilities: { tools: {} } })
server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: [{ name: 'add', inputSchema }] }))
server.setRequestHandler(CallToolRequestSchema, () => ({ content: [{ type: 'text', text: 'called' }] }))
await server.connect(new StdioServerTransport())
JS
cat >try.js <<'JS'
import { MultiServerMCPClient } from '@langchain/mcp-adapters'

const memory = { transport: 'stdio', command: process.execPath, args: ['server.js'] }
const client = new MultiServerMCPClient({ mcpServers: { memory } })
const [add] = await client.getTools()
const calls = [
  { entry: { kind: 'text', text: 'tabs' } },
  { entry: { kind: 'file', path: 'notes.md' } },
  { entry: { kind: 'file', text: 'neither form' } },
  { scope: 'global' },
  { scope: { id: '7' } },
]
const seen = []
for (const call of calls) seen.push(await add.invoke(call).catch((error) => error.message.match(/did not match/)?.[0]))
await client.close()
for (const [i, call] of calls.entries()) console.log(`${seen[i]}: ${JSON.stringify(call)}`)
const isAsDescribed = seen.join() === 'did not match,called,called,did not match,called'
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
