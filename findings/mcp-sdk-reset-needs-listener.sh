#!/usr/bin/env bash
# @modelcontextprotocol/client 2.4.0 (1.32.2 of the first SDK does the same). Expected: with `resetTimeoutOnProgress: true` a server that
# tells of its progress has `timeout` from each notification on.
# Seen: only with an `onprogress` beside it. Without one no progressToken is sent, so the server has nothing to tell of, the option does
# nothing, and the call is given up after `timeout`.
# Here: a call that waits reports progress to a client that asked for it (docs/guides/mcp.md).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts @modelcontextprotocol/client@2.4.0 @modelcontextprotocol/server@2.4.0
cat >try.js <<'JS'
import { setTimeout as pause } from 'node:timers/promises'
import { Client, InMemoryTransport } from '@modelcontextprotocol/client'
import { McpServer } from '@modelcontextprotocol/server'

const server = new McpServer({ name: 's', version: '1' })
const tokens = []
server.registerTool('wait', {}, async ({ mcpReq }) => {
  const progressToken = mcpReq._meta?.progressToken
  tokens.push(progressToken !== undefined)
  for (let progress = 1; progress <= 6; progress++) {
    await pause(500)
    if (progressToken !== undefined) await mcpReq.notify({ method: 'notifications/progress', params: { progressToken, progress } })
  }
  return { content: [{ type: 'text', text: 'done' }] }
})
const client = new Client({ name: 'c', version: '1' })
const [one, other] = InMemoryTransport.createLinkedPair()
await server.connect(one)
await client.connect(other)
const call = (options) =>
  client
    .callTool({ name: 'wait' }, { timeout: 2_000, resetTimeoutOnProgress: true, ...options })
    .then(({ content }) => content[0].text, (error) => error.message)
const seen = { listening: await call({ onprogress: () => {} }), alone: await call({}), tokens }
console.log(JSON.stringify(seen))
const isAsDescribed =
  seen.listening === 'done' && /timed out/.test(seen.alone) && JSON.stringify(tokens) === JSON.stringify([true, false])
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
