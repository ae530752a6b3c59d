#!/usr/bin/env bash
# @modelcontextprotocol/server-filesystem 2026.8.31. Expected: edit_file, which matches lines whatever their indentation and keeps that of
# the file, as its README says, leaves the lines of a block where they stood; and `tail: 2` reads the last two lines.
# Seen: only the first line of the block keeps its place. The others are moved to where the caller wrote them, so a block within a block
# or a list within a list is another one. Where a file ends with a line end, `tail` counts what follows it: 2 is the last line alone.
# For a memory: rules in YAML and nested lists of Markdown mean something else after an edit, and the newest lines of a log are missed.
# Here: not used.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts @modelcontextprotocol/server-filesystem@2026.8.31 @modelcontextprotocol/sdk@1.32.2
cat >try.js <<'JS'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'

mkdirSync('files')
const main = 'node_modules/@modelcontextprotocol/server-filesystem/dist/index.js'
const client = new Client({ name: 'try', version: '1' })
await client.connect(new StdioClientTransport({ command: process.execPath, args: [main, 'files'], stderr: 'ignore' }))
const path = `${process.cwd()}/files/list.md`
writeFileSync(path, '- all\n  - tests\n    - unit\n    - whole\n')
const edits = [{ oldText: '- tests\n  - unit\n  - whole', newText: '- tests\n  - unit\n  - whole\n  - slow' }]
await client.callTool({ name: 'edit_file', arguments: { path, edits } })
const edited = readFileSync(path, 'utf8')
writeFileSync(path, 'one\ntwo\nthree\n')
const read = async (lines) => (await client.callTool({ name: 'read_text_file', arguments: { path, ...lines } })).content[0].text
const seen = [edited, await read({ head: 2 }), await read({ tail: 2 })]
await client.close()
console.log(JSON.stringify(seen))
const expected = ['- all\n  - tests\n  - unit\n  - whole\n  - slow\n', 'one\ntwo', 'three\n']
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
