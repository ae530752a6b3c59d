#!/usr/bin/env bash
# @modelcontextprotocol/server 2.4.0 (1.32.2 of the first SDK does the same). Expected: `list` of a ResourceTemplate gives the result of
# resources/list, so its `nextCursor` leads the client to the next page.
# Seen: the cursor is dropped: the client is shown the first page as if it were all, and `list` is called without a cursor, so no
# client can ever come to the rest.
# Here: resources/list is answered by our own code (src/transports/mcp/resources/).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts @modelcontextprotocol/client@2.4.0 @modelcontextprotocol/server@2.4.0
cat >try.js <<'JS'
import { Client, InMemoryTransport } from '@modelcontextprotocol/client'
import { McpServer, ResourceTemplate } from '@modelcontextprotocol/server'

const pages = { first: ['memory://1', 'memory://2'], second: ['memory://3'] }
const server = new McpServer({ name: 's', version: '1' })
let asked = 0
const list = () => {
  asked++
  return { resources: pages.first.map((uri) => ({ uri, name: uri })), nextCursor: 'second' }
}
server.registerResource('entries', new ResourceTemplate('memory://{id}', { list }), {}, () => ({ contents: [] }))
const client = new Client({ name: 'c', version: '1' })
const [one, other] = InMemoryTransport.createLinkedPair()
await server.connect(one)
await client.connect(other)
const { resources, nextCursor } = await client.listResources()
const seen = { asked, listed: resources.map(({ uri }) => uri), nextCursor: nextCursor ?? 'none' }
console.log(JSON.stringify(seen))
const isAsDescribed = JSON.stringify(seen) === JSON.stringify({ asked: 1, listed: pages.first, nextCursor: 'none' })
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
