#!/usr/bin/env bash
# fastmcp 4.20.16 with zod 4.6.7, its tool called with the client of @modelcontextprotocol/sdk 1.32.2, checked with ajv 8.20.0. Expected:
# the inputSchema that is listed takes what the tool takes, as z.toJSONSchema writes it.
# Seen: every object in it is listed with `additionalProperties: false`, over what the schema says of other keys. A z.record() is an
# object that may hold nothing: only {} fits. z.looseObject() and catchall() are closed. The tool itself takes them all.
# For a memory: labels, metadata or front matter of an entry are never sent by a client that checks, or a model that is held to the schema.
# Here: not used; a listed object forbids no key (src/transports/mcp/tools/listed-tools.ts).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts fastmcp@4.20.16 zod@4.6.7 @modelcontextprotocol/sdk@1.32.2 ajv@8.20.0
cat >server.js <<'JS'
import { FastMCP } from 'fastmcp'
import { parameters } from './parameters.js'

const server = new FastMCP({ name: 'memory', version: '1.0.0' })
server.addTool({ name: 'add', description: 'Adds an entry', parameters, execute: async () => 'added' })
await server.start({ transportType: 'stdio' })
JS
cat >parameters.js <<'JS'
import * as z from 'zod'

export const parameters = z.object({
  labels: z.record(z.string(), z.string()).optional(),
  source: z.looseObject({ file: z.string() }).optional(),
  counts: z.object({ total: z.number() }).catchall(z.number()).optional(),
})
JS
cat >try.js <<'JS'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { Ajv } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import * as z from 'zod'
import { parameters } from './parameters.js'

const client = new Client({ name: 'client', version: '1' })
await client.connect(new StdioClientTransport({ command: process.execPath, args: ['server.js'], stderr: 'ignore' }))
const [{ inputSchema }] = (await client.listTools()).tools
const listed = new Ajv({ strict: false }).compile(inputSchema)
const written = new Ajv2020({ strict: false }).compile(z.toJSONSchema(parameters, { io: 'input' }))
const calls = [{ labels: { team: 'ui' } }, { source: { file: 'a.md', line: 7 } }, { counts: { total: 2, de: 1 } }, { labels: {} }]
const seen = []
for (const call of calls) {
  const { content } = await client.callTool({ name: 'add', arguments: call })
  seen.push([written(call), listed(call), content[0].text].join(' '))
}
await client.close()
console.log(`labels are listed as ${JSON.stringify(inputSchema.properties.labels)}`)
for (const [i, call] of calls.entries()) console.log(`${seen[i]}: ${JSON.stringify(call)}`)
const isAsDescribed = seen.join() === 'true false added,true false added,true false added,true true added'
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
