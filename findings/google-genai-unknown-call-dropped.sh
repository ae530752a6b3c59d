#!/usr/bin/env bash
# @google/genai 3.3.0 (Node 22 or later by its package, runs on 20) with @modelcontextprotocol/sdk 1.32.2. Expected: the callTool of
# mcpToTool answers each function call of a model with one response, and with the id of the call, as `functionResponse.id` is for.
# Seen: a call of a name that no server has is left out, without an error, so three calls have two responses; and no response has the id
# of its call, so of two calls of one name nothing says which response is whose but their order, which the missing one has moved.
# For a memory: a model that has mistyped a tool is told nothing, or takes what was found for one question for that of another.
# Here: a tool that is not there is an error of the protocol that names it (src/transports/mcp/tools/tools.ts).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts @google/genai@3.3.0 @modelcontextprotocol/sdk@1.32.2
cat >try.js <<'JS'
import { mcpToTool } from '@google/genai'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'

const server = new McpServer({ name: 'memory', version: '1' })
let calls = 0
server.registerTool('search', {}, () => ({ content: [{ type: 'text', text: `answer ${++calls}` }] }))
const client = new Client({ name: 'try', version: '1' })
const [a, b] = InMemoryTransport.createLinkedPair()
await Promise.all([server.connect(a), client.connect(b)])
const tool = mcpToTool(client)
await tool.tool()
const asked = [
  { id: 'one', name: 'searhc', args: {} },
  { id: 'two', name: 'search', args: {} },
  { id: 'three', name: 'search', args: {} },
]
const responses = (await tool.callTool(asked)).map(({ functionResponse: { id, response } }) => [id ?? null, response.content[0].text])
await client.close()
console.log(JSON.stringify(responses))
const isAsDescribed = JSON.stringify(responses) === '[[null,"answer 1"],[null,"answer 2"]]'
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
