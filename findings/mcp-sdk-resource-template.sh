#!/usr/bin/env bash
# @modelcontextprotocol/server 2.4.0 (1.32.2 of the first SDK does the same). Expected: a resource template is one of RFC 6570, so an
# address that the SDK's own UriTemplate makes of values is read as those values.
# Seen: a value with a space or a slash comes back as `a%20b`, `a%2Fb`; an address where one of the optional values of `{?q,limit}`
# is missing, or they stand in the other order, is "not found"; so is a value with a comma in it, which a URI may hold as it is.
# Here: src/transports/mcp/resources/ takes addresses apart itself.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts @modelcontextprotocol/server@2.4.0 @modelcontextprotocol/client@2.4.0
cat >try.js <<'JS'
import { Client, InMemoryTransport } from '@modelcontextprotocol/client'
import { McpServer, ResourceTemplate, UriTemplate } from '@modelcontextprotocol/server'

async function read(template, uri) {
  const server = new McpServer({ name: 's', version: '1' })
  server.registerResource('r', new ResourceTemplate(template, { list: undefined }), {}, ({ href }, values) => ({
    contents: [{ uri: href, text: JSON.stringify(values) }],
  }))
  const client = new Client({ name: 'c', version: '1' })
  const [one, other] = InMemoryTransport.createLinkedPair()
  await server.connect(one)
  await client.connect(other)
  return client.readResource({ uri }).then(({ contents }) => contents[0].text, (error) => error.message)
}
const entry = 'memory://entries/{name}'
const search = 'memory://entries{?q,limit}'
const made = (template, values) => read(template, new UriTemplate(template).expand(values))
const seen = {
  space: await made(entry, { name: 'a b' }),
  slash: await made(entry, { name: 'a/b' }),
  comma: await read(entry, 'memory://entries/a,b'),
  both: await made(search, { q: 'x', limit: '5' }),
  first: await made(search, { q: 'x' }),
  turned: await read(search, 'memory://entries?limit=5&q=x'),
}
console.log(JSON.stringify(seen, null, 1))
const isAsDescribed =
  seen.space === '{"name":"a%20b"}' &&
  seen.slash === '{"name":"a%2Fb"}' &&
  seen.both === '{"q":"x","limit":"5"}' &&
  [seen.comma, seen.first, seen.turned].every((text) => /not found/.test(text))
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
