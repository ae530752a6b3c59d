#!/usr/bin/env bash
# rulesync 17.0.0. Expected: `import --targets claudecode` takes a command whose front matter is as Claude Code's documentation writes it,
# `argument-hint: [message]`; or it leaves that one out and imports the rest.
# Seen: to YAML the brackets are a list, which is refused, and with it ends the import: what comes after the commands (agents, skills,
# hooks, permissions) is not imported, and what came before is reported as imported. In quotes the hint is taken and so is the rest.
# For a memory: a project's hooks are missing after a move, because of a hint in another file.
# Here: not used.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts --legacy-peer-deps rulesync@17.0.0
cat >try.js <<'JS'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'

const { bin } = JSON.parse(readFileSync('node_modules/rulesync/package.json', 'utf8'))
const main = `${process.cwd()}/node_modules/rulesync/${Object.values(bin)[0]}`
function imported(folder, hint) {
  mkdirSync(`${folder}/.claude/commands`, { recursive: true })
  writeFileSync(`${folder}/CLAUDE.md`, '# Rules\n\nUse tabs.\n')
  writeFileSync(`${folder}/.claude/commands/commit.md`, `---\ndescription: commits\nargument-hint: ${hint}\n---\nCommit.\n`)
  const hooks = { PostToolUse: [{ matcher: 'Edit', hooks: [{ type: 'command', command: 'npm test' }] }] }
  writeFileSync(`${folder}/.claude/settings.json`, JSON.stringify({ hooks }))
  const { stdout, stderr } = spawnSync(process.execPath, [main, 'import', '--targets', 'claudecode', '--features', '*'], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, HOME: process.cwd() },
  })
  const refused = `${stdout}${stderr}`.match(/expected string, received array/)?.[0] ?? 'taken'
  const there = ['rules/CLAUDE.md', 'commands/commit.md', 'hooks.jsonc'].filter((file) => existsSync(`${folder}/.rulesync/${file}`))
  return `${refused}; ${there.join(', ')}`
}
const seen = [imported('list', '[message]'), imported('text', '"[message]"')]
console.log(seen.join('\n'))
const expected = ['expected string, received array; rules/CLAUDE.md', 'taken; rules/CLAUDE.md, commands/commit.md, hooks.jsonc']
const isAsDescribed = seen.join('|') === expected.join('|')
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
