#!/usr/bin/env bash
# @google/gemini-cli 0.61.0. Expected: a client whose MCP session is gone (404 to a request with an Mcp-Session-Id) begins a new one,
# as the specification says it must, so a server may be started anew. Claude Code, Codex and opencode do.
# Seen: the call fails with the words of the 404, and so does every later one; no second `initialize` ever comes.
# Here: said in docs/guides/clients-tried.md; `npm run clients` notices when it changes (`renewsSessions`).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir -p home/.gemini project
echo '{"private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts @google/gemini-cli@0.61.0
cat >try.mjs <<'JS'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { json } from 'node:stream/consumers'

const open = async (server) => once(server.listen(0, '127.0.0.1'), 'listening').then(() => server.address().port)
const seen = { initialized: 0, refused: 0, answered: 0 }
let session = ''

const mcp = createServer(async (request, response) => {
  if (request.method !== 'POST') return response.writeHead(405).end()
  const { id, method } = await json(request)
  const send = (status, body, headers = {}) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
  if (method === 'initialize') {
    session = `session-${++seen.initialized}`
    const serverInfo = { name: 's', version: '1' }
    const result = { protocolVersion: '2025-06-18', capabilities: { tools: {} }, serverInfo }
    return send(200, { jsonrpc: '2.0', id, result }, { 'mcp-session-id': session })
  }
  if (request.headers['mcp-session-id'] !== session) {
    seen.refused++
    return send(404, { jsonrpc: '2.0', id: null, error: { code: -32001, message: 'Session not found' } })
  }
  if (id === undefined) return response.writeHead(202).end()
  if (method === 'tools/list')
    return send(200, { jsonrpc: '2.0', id, result: { tools: [{ name: 'hello', inputSchema: { type: 'object' } }] } })
  if (method !== 'tools/call') return send(200, { jsonrpc: '2.0', id, error: { code: -32601, message: 'no such method' } })
  seen.answered++
  send(200, { jsonrpc: '2.0', id, result: { content: [{ type: 'text', text: 'hello' }] } })
  // As if another server had taken its place.
  session = 'none'
})

let turns = 0
const model = createServer(async (request, response) => {
  const { tools } = await json(request)
  const names = (tools ?? []).flatMap((tool) => tool.functionDeclarations ?? []).map(({ name }) => name)
  const name = names.find((one) => one.endsWith('hello'))
  const part = name && turns++ < 3 ? { functionCall: { name, args: {} } } : { text: 'done' }
  const answer = { candidates: [{ index: 0, content: { role: 'model', parts: [part] }, finishReason: 'STOP' }] }
  response.writeHead(200, { 'content-type': 'text/event-stream' }).end(`data: ${JSON.stringify(answer)}\n\n`)
})

const [mcpPort, modelPort] = [await open(mcp), await open(model)]
const put = (name, value) => writeFileSync(`home/.gemini/${name}`, JSON.stringify(value))
put('trustedFolders.json', { [`${process.cwd()}/project`]: 'TRUST_FOLDER' })
put('settings.json', {
  general: { enableAutoUpdate: false },
  security: { auth: { selectedType: 'gemini-api-key' } },
  mcpServers: { s: { httpUrl: `http://127.0.0.1:${mcpPort}/mcp`, trust: true } },
})
const child = spawn('../node_modules/.bin/gemini', ['-p', 'go', '-m', 'gemini-2.5-flash'], {
  cwd: 'project',
  env: { PATH: process.env.PATH, HOME: `${process.cwd()}/home`, GEMINI_API_KEY: 'x', GOOGLE_GEMINI_BASE_URL: `http://127.0.0.1:${modelPort}` },
  stdio: 'ignore',
})
await once(child, 'close')
for (const server of [mcp, model]) {
  server.closeAllConnections()
  server.close()
}
console.log(JSON.stringify(seen))
const isAsDescribed = JSON.stringify(seen) === JSON.stringify({ initialized: 1, refused: 2, answered: 1 })
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.mjs
