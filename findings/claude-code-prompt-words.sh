#!/usr/bin/env bash
# @anthropic-ai/claude-code 2.1.328. Expected: `/mcp__server__prompt fix the rounding` hands the only argument of an MCP prompt all
# that was typed, or at least what stands in quotes, as a shell and other clients do.
# Seen: each declared argument gets one word, cut at spaces, with the quotes still on it; the words that are left over are dropped
# without a message.
# Here: for that client `session_start` lists further arguments and joins them (src/transports/mcp/prompts.ts).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir home project
echo '{"private":true,"allowScripts":{"@anthropic-ai/claude-code":true}}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts=false @anthropic-ai/claude-code@2.1.328
cat >server.mjs <<'JS'
import { appendFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
const prompt = { name: 'start', arguments: [{ name: 'task', required: false }] }
const answers = {
  initialize: { protocolVersion: '2025-06-18', capabilities: { prompts: {} }, serverInfo: { name: 's', version: '1' } },
  'prompts/list': { prompts: [prompt] },
  'prompts/get': { messages: [{ role: 'user', content: { type: 'text', text: 'go' } }] },
}
for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line)
  if (method === 'prompts/get') appendFileSync(process.argv[2], `${JSON.stringify(params.arguments)}\n`)
  if (id === undefined) continue
  const result = answers[method]
  const error = { code: -32601, message: 'no such method' }
  console.log(JSON.stringify({ jsonrpc: '2.0', id, ...(result ? { result } : { error }) }))
}
JS
cat >try.mjs <<'JS'
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
const server = { command: process.execPath, args: [`${process.cwd()}/server.mjs`, `${process.cwd()}/seen`] }
writeFileSync('home/.claude.json', JSON.stringify({ mcpServers: { s: server } }))
for (const words of ['fix the rounding', '"fix the rounding"'])
  spawnSync('../node_modules/.bin/claude', ['-p', `/mcp__s__start ${words}`], {
    cwd: 'project',
    // Nobody is there to answer: what the server was asked is all that counts.
    env: { PATH: process.env.PATH, HOME: `${process.cwd()}/home`, ANTHROPIC_API_KEY: 'x', ANTHROPIC_BASE_URL: 'http://127.0.0.1:9', CLAUDE_CODE_MAX_RETRIES: '0', CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1', DISABLE_AUTOUPDATER: '1' },
    stdio: 'ignore',
    timeout: 60_000,
  })
const seen = readFileSync('seen', 'utf8').trim().split('\n').map((line) => JSON.parse(line).task)
console.log(JSON.stringify(seen))
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(['fix', '"fix'])
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.mjs
