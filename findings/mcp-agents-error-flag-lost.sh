#!/usr/bin/env bash
# @openai/agents 0.20.0 and @ai-sdk/mcp 2.0.99. Expected: a model is told that a tool failed (`isError: true` in its result), as it is told
# what the tool said.
# Seen: both give the model the content alone. OpenAI's `callTool` drops the flag and structuredContent before anybody can see them; the
# AI SDK keeps them in the output for the program and leaves them out of what it makes of it for the model. A result that has only
# structuredContent is nothing at all to the model.
# Here: the text of an error says that it is one and with which code, and every result has its text (src/operations/answers/).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts @openai/agents@0.20.0 @ai-sdk/mcp@2.0.99 zod@4
cat >server.js <<'JS'
import { createInterface } from 'node:readline'

const tools = ['fails', 'structured'].map((name) => ({ name, inputSchema: { type: 'object', properties: {} } }))
const results = {
  fails: { content: [{ type: 'text', text: 'It stays as it was.' }], isError: true, structuredContent: { code: 'CONFLICT' } },
  structured: { content: [], structuredContent: { stored: true } },
}
const answers = {
  initialize: () => ({ protocolVersion: '2025-06-18', capabilities: { tools: {} }, serverInfo: { name: 's', version: '1' } }),
  'tools/list': () => ({ tools }),
  'tools/call': ({ name }) => results[name],
}
createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line)
  if (id !== undefined) console.log(JSON.stringify({ jsonrpc: '2.0', id, result: answers[method]?.(params) ?? {} }))
})
JS
cat >try.js <<'JS'
import { createMCPClient } from '@ai-sdk/mcp'
import { Experimental_StdioMCPTransport } from '@ai-sdk/mcp/mcp-stdio'
import { getAllMcpTools, MCPServerStdio, RunContext } from '@openai/agents'

const program = { command: 'node', args: ['server.js'] }
const seen = {}

const server = new MCPServerStdio(program)
await server.connect()
const tools = await getAllMcpTools({ mcpServers: [server] })
for (const name of ['fails', 'structured'])
  seen[`openai ${name}`] = await tools.find((tool) => tool.name === name).invoke(new RunContext({}), '{}')
seen['openai callTool'] = await server.callTool('fails', {})
await server.close()

const client = await createMCPClient({ transport: new Experimental_StdioMCPTransport(program) })
for (const [name, tool] of Object.entries(await client.tools())) {
  const output = await tool.execute({}, { toolCallId: '1', messages: [] })
  seen[`ai ${name}`] = await tool.toModelOutput({ toolCallId: '1', input: {}, output })
}
await client.close()

console.log(JSON.stringify(seen, null, 1))
const said = { type: 'text', text: 'It stays as it was.' }
const expected = {
  'openai fails': said,
  'openai structured': [],
  'openai callTool': [said],
  'ai fails': { type: 'content', value: [said] },
  'ai structured': { type: 'content', value: [] },
}
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
