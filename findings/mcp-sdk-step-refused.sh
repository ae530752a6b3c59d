#!/usr/bin/env bash
# @modelcontextprotocol/client and server 2.4.0 with zod 4.6.7 (1.32.2 of the first SDK does the same). Expected: a result that the
# server has checked against the tool's outputSchema passes the client's check of that same schema.
# Seen: zod counts 0.3 as a multiple of 0.1, and the server sends it; the client checks with ajv, which divides as floats do, and
# refuses the whole result: "must be multiple of 0.1". 0.2 and 0.5 pass, so only some answers of a tool are lost.
# Here: no schema says `multipleOf`.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts @modelcontextprotocol/server@2.4.0 @modelcontextprotocol/client@2.4.0 zod@4.6.7
cat >try.js <<'JS'
import { Client, InMemoryTransport } from '@modelcontextprotocol/client'
import { McpServer } from '@modelcontextprotocol/server'
import { z } from 'zod'

const server = new McpServer({ name: 's', version: '1' })
const score = z.number().multipleOf(0.1)
server.registerTool('rate', { inputSchema: z.object({ score: z.number() }), outputSchema: z.object({ score }) }, (args) => ({
  content: [{ type: 'text', text: `${args.score}` }],
  structuredContent: args,
}))
const client = new Client({ name: 'c', version: '1' })
const [one, other] = InMemoryTransport.createLinkedPair()
await server.connect(one)
await client.connect(other)
await client.listTools()
const seen = {}
for (const score of [0.2, 0.3, 0.5, 0.7]) {
  const call = client.callTool({ name: 'rate', arguments: { score } })
  seen[score] = await call.then(({ isError }) => (isError ? 'refused by the server' : 'passed'), (error) => error.message)
}
console.log(JSON.stringify(seen, null, 1))
const isAsDescribed =
  seen[0.2] === 'passed' && seen[0.5] === 'passed' && [seen[0.3], seen[0.7]].every((text) => /must be multiple of 0.1/.test(text))
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
