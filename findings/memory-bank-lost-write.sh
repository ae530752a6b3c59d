#!/usr/bin/env bash
# @allpepper/memory-bank-mcp 0.2.2. Expected: memory_bank_write of a file that is there already replaces it or is refused, as
# memory_bank_update of one that is not there is.
# Seen: it answers "File notes.md written successfully to project app", and the file keeps its first content: the write is lost.
# Here: every version of an entry is kept.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts @allpepper/memory-bank-mcp@0.2.2 @modelcontextprotocol/client@2.4.0
cat >try.js <<'JS'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'

const transport = new StdioClientTransport({
  command: process.execPath,
  args: ['node_modules/@allpepper/memory-bank-mcp/dist/main/index.js'],
  env: { PATH: process.env.PATH, MEMORY_BANK_ROOT: `${process.cwd()}/bank` },
  stderr: 'ignore',
})
const client = new Client({ name: 'try', version: '1' })
await client.connect(transport)
const call = async (name, content) => {
  const { content: answer } = await client.callTool({ name, arguments: { projectName: 'app', fileName: 'notes.md', content } })
  return answer[0].text
}
const seen = {
  first: await call('memory_bank_write', 'one'),
  second: await call('memory_bank_write', 'two'),
  kept: await call('memory_bank_read'),
}
await client.close()
console.log(JSON.stringify(seen, null, 1))
const isAsDescribed = /written successfully/.test(seen.second) && seen.kept === 'one'
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
