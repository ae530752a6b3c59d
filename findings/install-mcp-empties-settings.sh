#!/usr/bin/env bash
# install-mcp 1.10.2. Expected: it adds one server to the settings of a client and leaves what is there; settings that it cannot read it refuses.
# https://github.com/supermemoryai/install-mcp#readme
# Seen: settings with a comment in them, as Zed makes its own ones and Cursor takes them, count as empty: they are written back with the one
# server in them, and the theme, the keys and all other servers are gone. It says "Successfully installed". The same settings without
# the comment keep all.
# For a memory: adding it to an editor is the end of everything that was set there, also of the other memory.
# Here: `agent-memory setup` reads comments and edits the text of the file (src/transports/cli/setup/editing/).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts install-mcp@1.10.2
cat >try.js <<'JS'
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'

const home = `${process.cwd()}/home`
const places = { zed: `${home}/.config/zed/settings.json`, cursor: `${home}/.cursor/mcp.json` }
const own = {
  zed: '"theme": "One", "context_servers": { "other": { "command": "other" } }',
  cursor: '"mcpServers": { "other": { "command": "other" } }',
}
const env = { ...process.env, HOME: home, XDG_CONFIG_HOME: `${home}/.config` }
function after(client, comment) {
  const file = places[client]
  mkdirSync(file.slice(0, file.lastIndexOf('/')), { recursive: true })
  writeFileSync(file, `{${comment}${own[client]} }\n`)
  const words = ['npx -y agent-memory', '--client', client, '--name', 'memory', '--yes']
  const said = execFileSync('node_modules/.bin/install-mcp', words, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  const { theme, context_servers, mcpServers } = JSON.parse(readFileSync(file, 'utf8').replace(comment, ''))
  const servers = Object.keys(context_servers ?? mcpServers).toSorted().join(' and ')
  return [said.includes('Successfully installed'), [theme, servers].filter(Boolean).join(', ')]
}
const seen = {}
for (const client of Object.keys(places)) seen[client] = ['', '\n  // mine\n  '].map((comment) => after(client, comment))
console.log(JSON.stringify(seen, null, 1))
const expected = {
  zed: [
    [true, 'One, memory and other'],
    [true, 'memory'],
  ],
  cursor: [
    [true, 'memory and other'],
    [true, 'memory'],
  ],
}
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
