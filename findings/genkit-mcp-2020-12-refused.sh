#!/usr/bin/env bash
# @genkit-ai/mcp 1.42.0 with @modelcontextprotocol/server 2.4.0. Expected: a client of MCP can call a tool whose schema is JSON Schema
# of 2020-12, which is the dialect of MCP where a schema names none (SEP-1613), and which the SDK's server names in each schema that it
# makes of zod.
# https://modelcontextprotocol.io/seps/1613-establish-json-schema-2020-12-as-default-dialect-f
# Seen: Genkit reads the schema as draft-07, in strict mode, when the tool is called: a schema that names 2020-12 is refused ("no schema
# with key or ref"), and so is one with prefixItems or unevaluatedProperties ("unknown keyword"). So no tool of a
# server of the SDK whose arguments are described in zod can be called, though all are listed. And two texts of one result are joined without a space.
# For a memory: the model is shown every tool, and each call ends in an error.
# Here: the schemas of the tools name no dialect and have no keyword that draft-07 lacks (src/transports/mcp/tools/schema-summary.ts).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts genkit@1.42.0 @genkit-ai/mcp@1.42.0 @modelcontextprotocol/server@2.4.0 zod@4.6.7
cat >sdk.js <<'JS'
import { McpServer } from '@modelcontextprotocol/server'
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio'
import { z } from 'zod'

const server = new McpServer({ name: 'memory', version: '1' })
server.registerTool('add', { inputSchema: z.object({ title: z.string() }) }, () => ({ content: [{ type: 'text', text: 'added' }] }))
await server.connect(new StdioServerTransport())
JS
cat >by-hand.js <<'JS'
import { createInterface } from 'node:readline'

const properties = { title: { type: 'string' } }
const schemas = {
  plain: {},
  draft07: { $schema: 'http://json-schema.org/draft-07/schema#' },
  named: { $schema: 'https://json-schema.org/draft/2020-12/schema' },
  prefixItems: { properties: { title: { prefixItems: [{ type: 'string' }] } } },
  unevaluated: { unevaluatedProperties: false },
}
const tools = Object.entries(schemas).map(([name, more]) => ({ name, inputSchema: { type: 'object', properties, ...more } }))
const results = {
  initialize: ({ protocolVersion }) => ({ protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'memory', version: '1' } }),
  'tools/list': () => ({ tools }),
  'tools/call': () => ({ content: ['one', 'two'].map((text) => ({ type: 'text', text })) }),
}
for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line)
  const result = results[method]?.(params)
  if (id !== undefined) console.log(JSON.stringify({ jsonrpc: '2.0', id, ...(result ? { result } : { error: { code: -32601, message: method } }) }))
}
JS
cat >try.js <<'JS'
import { createMcpClient } from '@genkit-ai/mcp'
import { genkit } from 'genkit'

const ai = genkit({})
async function called(server, args) {
  const client = createMcpClient({ name: server, mcpServer: { command: process.execPath, args: [`${server}.js`] } })
  await client.ready()
  const answers = {}
  for (const tool of await client.getActiveTools(ai)) {
    const name = tool.__action.name.split('/').at(-1)
    answers[name] = await tool(args).catch((error) => error.message)
  }
  await client.disable()
  return answers
}
const seen = { sdk: await called('sdk', { title: 'use tabs' }), byHand: await called('by-hand', {}) }
console.log(JSON.stringify(seen, null, 1))
const noDialect = 'no schema with key or ref "https://json-schema.org/draft/2020-12/schema"'
const noKeyword = (name) => `strict mode: unknown keyword: "${name}"`
const expected = {
  sdk: { add: noDialect },
  byHand: {
    plain: 'onetwo',
    draft07: 'onetwo',
    named: noDialect,
    prefixItems: noKeyword('prefixItems'),
    unevaluated: noKeyword('unevaluatedProperties'),
  },
}
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
