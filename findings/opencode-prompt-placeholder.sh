#!/usr/bin/env bash
# opencode-ai 1.18.33. Expected: a command made of an MCP prompt asks the server for the prompt with what the user typed as its
# argument, as `prompts/get` is meant.
# Seen: the server is asked with the placeholder `$1` as the value, and the typed words are put into its answer afterwards. A server
# that looks something up by the argument looks for "$1".
# Here: such a value is shown and not searched for (src/transports/mcp/prompts.ts).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir -p home/.config/opencode project
echo '{"private":true,"allowScripts":{"opencode-ai":true}}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts=false opencode-ai@1.18.33
cat >server.mjs <<'JS'
import { appendFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
const prompt = { name: 'start', arguments: [{ name: 'task', required: false }] }
for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line)
  if (method === 'prompts/get') appendFileSync(process.argv[2], `${params.arguments?.task}\n`)
  if (id === undefined) continue
  const text = `The task: ${params?.arguments?.task}.`
  const result = {
    initialize: { protocolVersion: '2025-06-18', capabilities: { prompts: {} }, serverInfo: { name: 's', version: '1' } },
    'prompts/list': { prompts: [prompt] },
    'prompts/get': { messages: [{ role: 'user', content: { type: 'text', text } }] },
  }[method]
  const error = { code: -32601, message: 'no such method' }
  console.log(JSON.stringify({ jsonrpc: '2.0', id, ...(result ? { result } : { error }) }))
}
JS
cat >try.mjs <<'JS'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'

let told = ''
const model = createServer(async (request, response) => {
  told += await text(request)
  const chunk = { id: '1', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta: { role: 'assistant', content: 'ok' }, finish_reason: 'stop' }] }
  response.writeHead(200, { 'content-type': 'text/event-stream' }).end(`data: ${JSON.stringify(chunk)}\n\ndata: [DONE]\n\n`)
}).listen(0, '127.0.0.1')
await once(model, 'listening')
const baseURL = `http://127.0.0.1:${model.address().port}/v1`
const provider = { npm: '@ai-sdk/openai-compatible', options: { baseURL, apiKey: 'x' }, models: { m: { name: 'm' } } }
const command = [process.execPath, `${process.cwd()}/server.mjs`, `${process.cwd()}/seen`]
const config = { autoupdate: false, model: 'p/m', provider: { p: provider }, mcp: { s: { type: 'local', command } } }
writeFileSync('home/.config/opencode/opencode.json', JSON.stringify(config))
const child = spawn('../node_modules/.bin/opencode', ['run', '--command', 's:start', 'fix', 'the', 'rounding'], {
  cwd: 'project',
  env: { PATH: process.env.PATH, HOME: `${process.cwd()}/home`, OPENCODE_DISABLE_MODELS_FETCH: '1' },
  stdio: 'ignore',
})
await once(child, 'close')
model.close()
const seen = { asked: [...new Set(readFileSync('seen', 'utf8').trim().split('\n'))], told: /The task: [^.]*\./.exec(told)?.[0] }
console.log(JSON.stringify(seen))
const isAsDescribed = JSON.stringify(seen) === JSON.stringify({ asked: ['$1'], told: 'The task: fix the rounding.' })
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.mjs
