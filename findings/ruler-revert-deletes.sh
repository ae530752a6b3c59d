#!/usr/bin/env bash
# @intellectronica/ruler 0.3.44. Expected: `ruler revert` brings back what was there before `ruler apply`: its README says that it "safely undoes all
# changes", restores files from their backups and removes those that did not exist before.
# https://github.com/intellectronica/ruler#usage-the-revert-command
# Seen: the project's AGENTS.md, .mcp.json, .cursor/mcp.json and .gemini/settings.json are restored from their backups and then removed as
# generated ones, and the backups too: what somebody had written there is gone. Of the five files CLAUDE.md alone is there again. It says
# "Revert completed successfully" and "Files restored from backup: 4".
# For a memory: trying it out takes the rules of the project and the entries of all other servers, for good where they are not in git.
# Here: `agent-memory setup` edits the text of one entry and takes out that one alone (src/transports/cli/setup/editing/).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts @intellectronica/ruler@0.3.44
cat >try.js <<'JS'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'

const project = `${process.cwd()}/project`
const mine = { mcpServers: { other: { command: 'other' } } }
const files = {
  'AGENTS.md': 'Use tabs.\n',
  'CLAUDE.md': 'Ask before you push.\n',
  '.mcp.json': JSON.stringify(mine),
  '.cursor/mcp.json': JSON.stringify(mine),
  '.gemini/settings.json': JSON.stringify({ ...mine, theme: 'dark' }),
}
for (const name of ['.ruler', '.cursor', '.gemini', 'home']) mkdirSync(`${project}/${name}`, { recursive: true })
for (const [name, text] of Object.entries(files)) writeFileSync(`${project}/${name}`, text)
writeFileSync(`${project}/.ruler/rules.md`, '# Rules\n')
writeFileSync(
  `${project}/.ruler/ruler.toml`,
  'default_agents = ["claude", "cursor", "gemini-cli"]\n[mcp_servers.memory]\ncommand = "memory"\n',
)
const ruler = (command) => {
  const env = { ...process.env, HOME: `${project}/home`, XDG_CONFIG_HOME: `${project}/home` }
  return execFileSync('node_modules/.bin/ruler', [command, '--project-root', project], { env, encoding: 'utf8' })
}
ruler('apply')
const said = ruler('revert').split('\n').find((line) => line.includes('restored'))?.trim()
const state = (name) => {
  if (!existsSync(`${project}/${name}`)) return existsSync(`${project}/${name}.bak`) ? 'backup' : 'gone'
  return readFileSync(`${project}/${name}`, 'utf8') === files[name] ? 'as before' : 'changed'
}
const seen = { said, ...Object.fromEntries(Object.keys(files).map((name) => [name, state(name)])) }
console.log(JSON.stringify(seen, null, 1))
const expected = {
  said: 'Files restored from backup: 4',
  'AGENTS.md': 'gone',
  'CLAUDE.md': 'as before',
  '.mcp.json': 'gone',
  '.cursor/mcp.json': 'gone',
  '.gemini/settings.json': 'gone',
}
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
