#!/usr/bin/env bash
# vibe-rules 0.3.91. Expected: `convert claude-code cursor CLAUDE.md --target out` writes into "out", as its help says, and a rule that came
# from a rule of Cursor becomes that rule again.
# Seen: it prints "Target: out" and writes into .cursor/rules all the same, over the rule that is there. That rule has lost its globs and
# its description: both became text on the way to CLAUDE.md, and the text is what comes back, so Cursor no longer applies it to any file.
# For a memory: rules that are copied from one tool to another and back are not the same.
# Here: not used.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts --legacy-peer-deps vibe-rules@0.3.91
cat >try.js <<'JS'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'

mkdirSync('.cursor/rules', { recursive: true })
const file = '.cursor/rules/ts.mdc'
writeFileSync(file, '---\ndescription: Of TypeScript\nglobs: src/**/*.ts\nalwaysApply: false\n---\nUse tabs.\n')
const env = { ...process.env, HOME: process.cwd() }
const convert = (...args) => execFileSync(process.execPath, ['node_modules/.bin/vibe-rules', 'convert', ...args], { env, encoding: 'utf8' })
convert('cursor', 'claude-code', '.cursor')
const said = convert('claude-code', 'cursor', 'CLAUDE.md', '--target', 'out')
const rule = readFileSync(file, 'utf8')
const seen = {
  said: /Target: out/.test(said),
  isThere: existsSync('out'),
  front: rule.split('---')[1].trim(),
  text: /Always apply this rule in these files: src/.test(rule),
}
console.log(rule)
console.log(JSON.stringify(seen))
const isAsDescribed = JSON.stringify(seen) === JSON.stringify({ said: true, isThere: false, front: 'alwaysApply: false', text: true })
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
