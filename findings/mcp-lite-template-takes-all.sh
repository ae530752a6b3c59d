#!/usr/bin/env bash
# mcp-lite 0.10.0 with the client of @modelcontextprotocol/sdk 1.32.2. Expected: the resource template memory://entry/{id} is read as
# RFC 6570 writes it: one part of a path, which is not empty, escaped in the address and given to the server as it was.
# Seen: the id is all that follows. memory://entry/ is read with an empty id, memory://entry/7/history as the entry "7/history"; and what
# is escaped stays so: of the id "a b", sent as a%20b, the server is given "a%20b" and finds nothing.
# For a memory: names with a space or a slash are not found, and an address of something else is read as an entry.
# Here: not used; the addresses of resources are read by the project itself.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts mcp-lite@0.10.0 @modelcontextprotocol/sdk@1.32.2
cat >try.js <<'JS'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { InMemorySessionAdapter, McpServer, StreamableHttpTransport } from 'mcp-lite'

const server = new McpServer({ name: 'memory', version: '1' })
server.resource('memory://entry/{id}', { name: 'entry' }, (uri, { id }) => ({ contents: [{ uri: uri.href, text: id }] }))
const transport = new StreamableHttpTransport({ sessionAdapter: new InMemorySessionAdapter({ maxEventBufferSize: 9 }) })
const answer = transport.bind(server)
const client = new Client({ name: 'try', version: '1' })
const fetch = (address, options) => answer(new Request(address, { ...options, duplex: 'half' }))
await client.connect(new StreamableHTTPClientTransport(new URL('http://127.0.0.1/mcp'), { fetch }))
const addresses = ['memory://entry/7', 'memory://entry/a%20b', 'memory://entry/', 'memory://entry/7/history']
const seen = []
for (const uri of addresses) seen.push((await client.readResource({ uri })).contents[0].text)
for (const [i, id] of seen.entries()) console.log(`${addresses[i]}: the id "${id}"`)
const isAsDescribed = seen.join('|') === '7|a%20b||7/history'
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
