#!/usr/bin/env bash
# @google/gemini-cli 0.61.0. Expected: in an entry of `mcpServers` a `$` that begins no variable which is set stays as it is written, in
# `env` as in `args`.
# Seen: in `args` it does; a value of `env` is expanded once more, where a name that is not set is nothing and `$$` is the beginning of
# one: the password "ab$cd" reaches the server as "ab", "pa$$word" as "pa$". Nothing warns. With a `\` before it the dollar arrives in
# `env`; in `args` the `\` arrives too.
# Here: a setting that arrives empty counts as unset; one that was cut cannot be told.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir -p home/.gemini project
echo '{"private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts @google/gemini-cli@0.61.0
cat >server.mjs <<'JS'
import { writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
const { ONE, TWO, THREE } = process.env
writeFileSync(process.argv[2], JSON.stringify({ env: [ONE, TWO, THREE], args: process.argv.slice(3) }))
for await (const line of createInterface({ input: process.stdin })) {
  const { id, method } = JSON.parse(line)
  if (id === undefined) continue
  const result = {
    initialize: { protocolVersion: '2025-06-18', capabilities: { tools: {} }, serverInfo: { name: 's', version: '1' } },
    'tools/list': { tools: [{ name: 'hello', inputSchema: { type: 'object' } }] },
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

const model = createServer((request, response) => {
  request.resume()
  const answer = { candidates: [{ index: 0, content: { role: 'model', parts: [{ text: 'done' }] }, finishReason: 'STOP' }] }
  const isStream = request.url.includes('stream')
  const text = JSON.stringify(answer)
  response.writeHead(200, { 'content-type': isStream ? 'text/event-stream' : 'application/json' })
  response.end(isStream ? `data: ${text}\n\n` : text)
}).listen(0, '127.0.0.1')
await once(model, 'listening')
const [ONE, TWO, THREE] = ['ab$cd', 'pa$$word', 'ab\\$cd']
const put = (name, value) => writeFileSync(`home/.gemini/${name}`, JSON.stringify(value))
put('trustedFolders.json', { [`${process.cwd()}/project`]: 'TRUST_FOLDER' })
put('settings.json', {
  general: { enableAutoUpdate: false },
  security: { auth: { selectedType: 'gemini-api-key' } },
  mcpServers: {
    s: {
      command: process.execPath,
      args: [`${process.cwd()}/server.mjs`, `${process.cwd()}/seen`, ONE, TWO, THREE],
      env: { ONE, TWO, THREE },
      trust: true,
    },
  },
})
const child = spawn('../node_modules/.bin/gemini', ['-p', 'go', '-m', 'gemini-2.5-flash'], {
  cwd: 'project',
  env: { PATH: process.env.PATH, HOME: `${process.cwd()}/home`, GEMINI_API_KEY: 'x', GOOGLE_GEMINI_BASE_URL: `http://127.0.0.1:${model.address().port}` },
  stdio: 'ignore',
})
await once(child, 'close')
model.closeAllConnections()
model.close()
const seen = JSON.parse(readFileSync('seen', 'utf8'))
console.log(JSON.stringify(seen))
const isAsDescribed =
  JSON.stringify(seen.args) === JSON.stringify([ONE, TWO, THREE]) && JSON.stringify(seen.env) === JSON.stringify(['ab', 'pa$', 'ab$cd'])
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.mjs
