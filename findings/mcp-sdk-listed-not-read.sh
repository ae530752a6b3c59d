#!/usr/bin/env bash
# @modelcontextprotocol/server and client 2.4.0. Expected: an address that resources/list gives out can be read.
# Seen: the server lists the address as it was registered and looks it up as URL writes it. One that URL writes otherwise (a host without
# a path or in capitals, a space) is listed and then answered with "Resource not found", whichever way the client writes it.
# Here: resources/read is answered by our own code (src/transports/mcp/resources/).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts @modelcontextprotocol/client@2.4.0 @modelcontextprotocol/server@2.4.0
cat >try.js <<'JS'
import { Client, InMemoryTransport } from '@modelcontextprotocol/client'
import { McpServer } from '@modelcontextprotocol/server'

async function outcome(address) {
  const server = new McpServer({ name: 's', version: '1' })
  server.registerResource('note', address, {}, async () => ({ contents: [{ uri: address, text: 'read' }] }))
  const client = new Client({ name: 'c', version: '1' })
  const [one, other] = InMemoryTransport.createLinkedPair()
  await server.connect(one)
  await client.connect(other)
  const { uri } = (await client.listResources()).resources[0]
  const read = (asked) => client.readResource({ uri: asked }).then(({ contents }) => contents[0].text, ({ message }) => message)
  const seen = [uri, await read(uri), await read(new URL(uri).href)]
  await client.close()
  return seen
}
const written = ['https://example.com/', 'https://example.com/A', 'memory://shared/a%20b', 'memory://Shared/a']
const otherwise = ['https://example.com', 'https://Example.com/A', 'memory://shared/a b', 'memory://shared/../a']
const [same, others] = [await Promise.all(written.map(outcome)), await Promise.all(otherwise.map(outcome))]
for (const [uri, ...answers] of [...same, ...others]) console.log(uri, answers)
const isAsDescribed =
  same.every(([, ...answers]) => answers.every((answer) => answer === 'read')) &&
  others.every(([, ...answers]) => answers.every((answer) => answer.startsWith('Resource not found')))
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
