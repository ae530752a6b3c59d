#!/usr/bin/env bash
# @modelcontextprotocol/server and client 2.4.0. Expected: structuredContent that the server has checked against the tool's
# outputSchema is taken by a client of the same SDK.
# Seen: the server checks with zod, which drops unknown keys and fills in defaults, but sends what the handler returned. The schema it
# lists forbids further keys and requires those with a default, so the client throws away an answer with one key too many, or without
# the default. A client that has not listed the tools takes both.
# Here: a listed outputSchema requires no field and forbids none (src/transports/mcp/tools/listed-tools.ts).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts @modelcontextprotocol/client@2.4.0 @modelcontextprotocol/server@2.4.0 zod@4.6.7
cat >try.js <<'JS'
import { Client, InMemoryTransport } from '@modelcontextprotocol/client'
import { McpServer } from '@modelcontextprotocol/server'
import { z } from 'zod'

const server = new McpServer({ name: 's', version: '1' })
const outputSchema = z.object({ id: z.string(), tags: z.array(z.string()).default([]) })
const add = (name, structuredContent) =>
  server.registerTool(name, { outputSchema }, async () => ({ content: [], structuredContent }))
add('exact', { id: 'a', tags: [] })
add('oneMore', { id: 'a', tags: [], rank: 1 })
add('default', { id: 'a' })
const client = new Client({ name: 'c', version: '1' })
const [one, other] = InMemoryTransport.createLinkedPair()
await server.connect(one)
await client.connect(other)
const call = (name) => client.callTool({ name }).then(({ isError }) => (isError ? 'refused' : 'taken'), () => 'thrown away')
async function outcome() {
  return { exact: await call('exact'), oneMore: await call('oneMore'), default: await call('default') }
}
const unlisted = await outcome()
await client.listTools()
const seen = { unlisted, listed: await outcome() }
await client.close()
console.log(JSON.stringify(seen))
const expected = {
  unlisted: { exact: 'taken', oneMore: 'taken', default: 'taken' },
  listed: { exact: 'taken', oneMore: 'thrown away', default: 'thrown away' },
}
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
