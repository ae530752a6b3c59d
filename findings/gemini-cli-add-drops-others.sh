#!/usr/bin/env bash
# @google/gemini-cli 0.61.0. Expected: `gemini mcp add` adds one server to the settings of the project, and leaves what is there.
# Seen: in a folder that was not said to be trusted (each one, at first) the settings of the project count as empty, and empty they are
# written back with the one server in them: all other servers and settings are gone from .gemini/settings.json. It says "added".
# In the settings of the user (`--scope user`) the others stay.
# For a memory: two servers are added one after the other, and only the second is there.
# Here: `agent-memory setup` edits the text of the file and changes nothing else in it (src/transports/cli/setup/editing/).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts @google/gemini-cli@0.61.0
cat >try.js <<'JS'
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'

const place = { user: 'home', project: 'home/project' }
const before = { mcpServers: { notes: { command: 'notes', args: ['--all'] } }, model: { maxSessionTurns: 7 } }
function outcome(scope) {
  const file = `${place[scope]}/.gemini/settings.json`
  mkdirSync(`${place[scope]}/.gemini`, { recursive: true })
  writeFileSync(file, JSON.stringify(before, null, 2))
  const args = ['mcp', 'add', '--scope', scope, 'memory', 'agent-memory', 'mcp']
  const env = { PATH: process.env.PATH, HOME: `${process.cwd()}/home` }
  execFileSync(`${process.cwd()}/node_modules/.bin/gemini`, args, { cwd: place.project, env, stdio: 'ignore' })
  const { mcpServers, model } = JSON.parse(readFileSync(file, 'utf8'))
  return { servers: Object.keys(mcpServers), model }
}
mkdirSync(place.project, { recursive: true })
const seen = { project: outcome('project'), user: outcome('user') }
console.log(JSON.stringify(seen, null, 1))
const expected = { project: { servers: ['memory'] }, user: { servers: ['notes', 'memory'], model: { maxSessionTurns: 7 } } }
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
