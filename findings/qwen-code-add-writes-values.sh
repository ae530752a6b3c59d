#!/usr/bin/env bash
# @qwen-code/qwen-code 0.24.4 (@google/gemini-cli 0.61.0, which it comes from, does it in a trusted folder). Expected: `qwen mcp add`
# leaves the entries of other servers as they stand; a `$NAME` in them is a variable that is looked up when the server is started.
# Seen: the file is written back with what the variables held at that moment: `"$NOTES_TOKEN"` of another server is its value from then
# on. What is typed for the added server is kept until the next one is added. Words that read as numbers are numbers: 1.10 is 1.1.
# For a memory: the settings of a project are shared, and now hold one person's token, which no later change of it reaches.
# Here: `agent-memory setup` edits the text of the file and changes nothing else in it (src/transports/cli/setup/editing/).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts @qwen-code/qwen-code@0.24.4
cat >try.js <<'JS'
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'

const project = 'home/project'
const file = `${project}/.qwen/settings.json`
mkdirSync(`${project}/.qwen`, { recursive: true })
writeFileSync(file, JSON.stringify({ mcpServers: { notes: { command: 'notes', env: { TOKEN: '$NOTES_TOKEN' } } } }, null, 2))
function add(...args) {
  const env = { PATH: process.env.PATH, HOME: `${process.cwd()}/home`, NOTES_TOKEN: 'value-1', SPACE: 'value-2' }
  const words = ['mcp', 'add', '--scope', 'project', ...args]
  execFileSync(`${process.cwd()}/node_modules/.bin/qwen`, words, { cwd: project, env, stdio: 'ignore' })
  const { notes, memory } = JSON.parse(readFileSync(file, 'utf8')).mcpServers
  return { notes: notes.env.TOKEN, memory: [memory.env.SPACE, ...memory.args] }
}
const seen = [add('memory', 'agent-memory', '-e', 'SPACE=$SPACE', 'mcp', '1.10'), add('files', 'files-server')]
console.log(seen.map((row) => JSON.stringify(row)).join('\n'))
const expected = [
  { notes: 'value-1', memory: ['$SPACE', 'mcp', '1.1'] },
  { notes: 'value-1', memory: ['value-2', 'mcp', '1.1'] },
]
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
