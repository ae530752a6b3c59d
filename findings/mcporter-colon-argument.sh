#!/usr/bin/env bash
# mcporter 0.12.3. Expected: `mcporter call server.tool name:value` gives the argument `name` that value, as its README says of both forms,
# name=value and name:value.
# Seen: where the value has an equals sign the name ends there and not at the colon: url:http://x/?id=5 is sent as an argument of the name
# "url:http://x/?id" that is 5. With name=value, and with an address that has no equals sign, the argument is `url`.
# For a memory: an address is stored without its last part, or under a name that no one reads, where a server takes further names.
# Here: a name that the operation does not have is refused, and the answer says so (src/operations/arguments/problems.ts).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts mcporter@0.12.3 @modelcontextprotocol/sdk@1.32.2
cat >server.js <<'JS'
import { Server } from '@modelcontextprotocol/sdk/server/index.js'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js'

const inputSchema = { type: 'object', properties: { url: { type: 'string' } } }
const server = new Server({ name: 'memory', version: '1' }, { capabilities: { tools: {} } })
server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: [{ name: 'add', inputSchema }] }))
server.setRequestHandler(CallToolRequestSchema, ({ params }) => ({ content: [{ type: 'text', text: JSON.stringify(params.arguments) }] }))
await server.connect(new StdioServerTransport())
JS
cat >try.js <<'JS'
import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { promisify } from 'node:util'

const memory = { command: process.execPath, args: [`${process.cwd()}/server.js`] }
writeFileSync('mcporter.json', JSON.stringify({ mcpServers: { memory }, imports: [] }))
const env = { PATH: process.env.PATH, HOME: process.cwd() }
async function sent(argument) {
  const args = ['--config', 'mcporter.json', 'call', 'memory.add', argument]
  const { stdout } = await promisify(execFile)('node_modules/.bin/mcporter', args, { env })
  return JSON.stringify(JSON.parse(stdout))
}
const seen = []
const words = ['url=http://x/?id=5', 'url:http://x/', 'url:http://x/?id=5']
for (const argument of words) seen.push(await sent(argument))
for (const [i, argument] of words.entries()) console.log(`${argument} is sent as ${seen[i]}`)
const expected = [{ url: 'http://x/?id=5' }, { url: 'http://x/' }, { 'url:http://x/?id': 5 }].map((row) => JSON.stringify(row))
const isAsDescribed = seen.join() === expected.join()
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
