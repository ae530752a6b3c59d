#!/usr/bin/env bash
# mcp-memory-keeper 0.14.1. Expected: a checkpoint, which its README calls a complete snapshot to go back to "if something goes wrong",
# keeps what is stored at that time, and restoring it brings that back: what has been changed or deleted since above all.
# https://www.npmjs.com/package/mcp-memory-keeper
# Seen: the checkpoint only points at the rows, and saving a key again makes another row. Of three items, one of which was then changed
# and one deleted, restoring answers "Successfully restored" and brings back the one that had not been touched; the earlier value
# of the others is nowhere any more. What is restored has lost its channel and is no longer private. context_diff since the same
# checkpoint calls the changed item added, and knows of no deleted one.
# For a memory: the way back leads to less than there was before.
# Here: every version of an entry is kept.
# Needs what better-sqlite3 needs: its prebuilt binary, or a compiler.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true,"allowScripts":{"better-sqlite3":true}}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts=false mcp-memory-keeper@0.14.1 @modelcontextprotocol/sdk@1.32.2
cat >try.js <<'JS'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'

const client = new Client({ name: 'try', version: '1' })
const args = ['node_modules/mcp-memory-keeper/bin/mcp-memory-keeper']
const env = { ...process.env, DATA_DIR: process.cwd() }
await client.connect(new StdioClientTransport({ command: process.execPath, args, env, stderr: 'ignore' }))
async function call(name, parameters) {
  const result = await client.callTool({ name, arguments: parameters })
  return result.content[0].text
}
async function stored() {
  const file = /to: (\S+)/.exec(await call('context_export', {}))[1]
  const { contextItems } = JSON.parse(readFileSync(file, 'utf8'))
  return contextItems.map((item) => `${item.key}: ${item.value} (${item.channel}, ${item.is_private ? 'private' : 'public'})`)
}
const save = (key, value) => call('context_save', { key, value, channel: 'ops', private: true })

await call('context_session_start', { name: 'work' })
for (const key of ['left', 'changed', 'deleted']) await save(key, 'before')
const seen = { before: await stored() }
// Times are kept in whole seconds.
await sleep(1200)
await call('context_checkpoint', { name: 'release' })
await sleep(1200)
await save('changed', 'after')
await call('context_batch_delete', { keys: ['deleted'] })
const diff = JSON.parse(await call('context_diff', { since: 'release' }))
seen.diff = Object.fromEntries(['added', 'modified', 'deleted'].map((kind) => [kind, diff[kind].map((item) => item.key ?? item)]))
seen.isRestored = (await call('context_restore_checkpoint', { name: 'release' })).includes('Successfully restored')
seen.restored = await stored()
await client.close()
console.log(JSON.stringify(seen, null, 1))
const expected = {
  before: ['left', 'changed', 'deleted'].map((key) => `${key}: before (ops, private)`),
  diff: { added: ['changed'], modified: [], deleted: [] },
  isRestored: true,
  restored: ['left: before (general, public)'],
}
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
