#!/usr/bin/env bash
# @modelcontextprotocol/inspector 2.12.0, `--cli … --tool-arg NAME=VALUE`. Expected: a parameter that the tool says is a string gets the
# text as it was typed.
# Seen: the text is read as JSON first, whatever the tool says: 1.10 arrives as 1.1, 9007199254740993 as 9007199254740992, true and null
# as no texts at all, {"a":1} as an object. A boolean for which `yes` is typed arrives as false. An empty text is refused.
# Here: a number or boolean where a text belongs is refused, with the name of the argument, and nothing is stored; quote it, as
# version='"1.10"'.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts @modelcontextprotocol/inspector@2.12.0
cat >server.js <<'JS'
import { createInterface } from 'node:readline'

const properties = { version: { type: 'string' }, flag: { type: 'boolean' } }
const tool = { name: 'echo', inputSchema: { type: 'object', properties } }
const answers = {
  initialize: ({ protocolVersion }) => ({ protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 's', version: '1' } }),
  'tools/list': () => ({ tools: [tool] }),
  'tools/call': (params) => ({ content: [{ type: 'text', text: JSON.stringify(params.arguments) }] }),
}
createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line)
  if (id !== undefined) console.log(JSON.stringify({ jsonrpc: '2.0', id, result: answers[method]?.(params) ?? {} }))
})
JS
cat >try.js <<'JS'
import { spawnSync } from 'node:child_process'

const call = ['--cli', 'node', 'server.js', '--method', 'tools/call', '--tool-name', 'echo', '--tool-arg']
function arrives(argument) {
  const { stdout } = spawnSync('node_modules/.bin/mcp-inspector', [...call, argument], { encoding: 'utf8' })
  try {
    return JSON.parse(stdout).content[0].text
  } catch {
    return 'refused'
  }
}
const expected = {
  'version=1.10': '{"version":1.1}',
  'version=9007199254740993': '{"version":9007199254740992}',
  'version=true': '{"version":true}',
  'version=null': '{"version":null}',
  'version={"a":1}': '{"version":{"a":1}}',
  'version=007': '{"version":"007"}',
  'version="1.10"': '{"version":"1.10"}',
  'version=': 'refused',
  'flag=yes': '{"flag":false}',
}
let isAsDescribed = true
for (const [argument, text] of Object.entries(expected)) {
  const seen = arrives(argument)
  console.log(argument, '→', seen)
  isAsDescribed &&= seen === text
}
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
