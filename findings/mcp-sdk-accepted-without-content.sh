#!/usr/bin/env bash
# @modelcontextprotocol/server and client 2.4.0. Expected: elicitInput answers `accept` only with content that fits the requestedSchema; an
# answer that lacks a required field is rejected. With `applyDefaults` the client fills in what the user left as it was.
# Seen: both look at content that is there. An accepted form whose handler gives no content at all is neither checked nor filled in: the
# server is told `accept`, without the required name and without a default. With `content: {}` the same answer is rejected, or filled.
# For a memory: "the user agreed" is stored with nothing that was agreed to.
# Here: no operation asks for input in the middle of a call.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts @modelcontextprotocol/server@2.4.0 @modelcontextprotocol/client@2.4.0
cat >try.js <<'JS'
import { Client, InMemoryTransport } from '@modelcontextprotocol/client'
import { McpServer } from '@modelcontextprotocol/server'

async function answer(requestedSchema, content) {
  const { server } = new McpServer({ name: 'server', version: '1' })
  const client = new Client({ name: 'client', version: '1' }, { capabilities: { elicitation: { form: { applyDefaults: true } } } })
  client.setRequestHandler('elicitation/create', () => ({ action: 'accept', ...(content && { content }) }))
  const [one, other] = InMemoryTransport.createLinkedPair()
  await Promise.all([server.connect(one), client.connect(other)])
  const result = await server.elicitInput({ message: 'Which?', requestedSchema }).catch((error) => error.message.split(':')[0])
  await client.close()
  return JSON.stringify(result)
}
const text = { type: 'string' }
const required = { type: 'object', properties: { name: text }, required: ['name'] }
const filled = { type: 'object', properties: { name: { ...text, default: 'main' } }, required: ['name'] }
const seen = []
for (const schema of [required, filled]) for (const content of [{}, undefined]) seen.push(await answer(schema, content))
console.log(seen.join('\n'))
const expected = [
  '"Elicitation response content does not match requested schema"',
  '{"action":"accept"}',
  '{"action":"accept","content":{"name":"main"}}',
  '{"action":"accept"}',
]
const isAsDescribed = seen.join() === expected.join()
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
