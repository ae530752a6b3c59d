#!/usr/bin/env bash
# supergateway 4.0.0, `--outputTransport sse`. Expected: each client of the gateway gets the answers to its own requests.
# Seen: all share one process behind it, requests keep the ids of their clients, and every answer goes to every client. Clients of the
# official SDK count from 0, so two that ask at the same time take each other's answers, without an error from either call.
# Here: several clients on one server are what `agent-memory serve` is for; each has its own session there.
set -eu
folder=$(mktemp -d)
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts supergateway@4.0.0 @modelcontextprotocol/sdk@1.32.2
cat >server.js <<'JS'
import { createInterface } from 'node:readline'

const tool = { name: 'echo', inputSchema: { type: 'object', properties: { text: { type: 'string' } } } }
const answers = {
  initialize: () => ({ protocolVersion: '2025-06-18', capabilities: { tools: {} }, serverInfo: { name: 's', version: '1' } }),
  'tools/list': () => ({ tools: [tool] }),
  'tools/call': (params) => ({ content: [{ type: 'text', text: params.arguments.text }] }),
}
// An answer takes a while, as that of a program that does something: both have asked by then.
createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line)
  const answer = () => console.log(JSON.stringify({ jsonrpc: '2.0', id, result: answers[method]?.(params) ?? {} }))
  if (id !== undefined) setTimeout(answer, method === 'tools/call' ? 500 : 0)
})
JS
cat >try.js <<'JS'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js'

async function connected(name) {
  const client = new Client({ name, version: '1' })
  await client.connect(new SSEClientTransport(new URL(process.argv[2])))
  return client
}
const clients = { a: await connected('a'), b: await connected('b') }
const asked = Object.entries(clients).map(([name, client]) => client.callTool({ name: 'echo', arguments: { text: `for ${name}` } }))
const answers = (await Promise.all(asked)).map(({ content }) => content[0].text)
console.log('a and b are answered:', answers.join(', '))
const isAsDescribed = answers[0] === answers[1]
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
port=$(node -e 'const s = require("node:net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close() })')
node node_modules/supergateway/dist/index.js --stdio 'node server.js' --outputTransport sse --port "$port" >gateway.log 2>&1 &
gateway=$!
trap 'kill $gateway; rm -rf "$folder"' EXIT
until node -e "require('node:net').connect($port, '127.0.0.1').on('connect', () => process.exit(0)).on('error', () => process.exit(1))"; do
  kill -0 $gateway || { cat gateway.log; exit 1; }
  sleep 0.2
done
node try.js "http://127.0.0.1:$port/sse"
