#!/usr/bin/env bash
# repomix 1.14.0, `--remove-comments`. Expected: what an agent is given of a file is the file without its comments. Its README says that this is
# "conservative to avoid accidentally removing code": a comment may stay, and code does, as it does for TypeScript and Python.
# https://github.com/yamadashy/repomix#comment-removal
# Seen: in a shell script all from a `#` that stands in no quotes is taken for one: `echo $# arguments` is `echo $`, `${path#./}` is `${path`,
# a heading within a heredoc is gone. In YAML `channel: team#ops` is `channel: team`, and the lines of a block text that begin with `#` are
# gone. In CSS `url(//x/y.png)` is cut at its slashes, with the brace that closes the rule.
# For a memory: an agent is asked about code that nobody wrote, finds its faults, and writes it back.
# Here: not used; a text is kept as it was written.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts repomix@1.14.0
cat >try.js <<'JS'
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'

const files = {
  'a.ts': "const url = 'http://x' // comment",
  'b.sh': 'echo $# arguments, ${path#./}; cat <<X\n# Heading\nX\nexit # comment',
  'c.yaml': 'channel: team#ops # comment\nnote: |\n  # Heading\n  text',
  'd.css': 'a { background: url(//x/y.png) } /* comment */',
}
mkdirSync('project')
for (const [name, text] of Object.entries(files)) writeFileSync(`project/${name}`, `${text}\n`)
const options = ['--remove-comments', '--no-security-check', '--style', 'xml', '--output', '../packed.xml']
execFileSync('../node_modules/.bin/repomix', options, { cwd: 'project', env: { ...process.env, HOME: process.cwd() } })
const packed = readFileSync('packed.xml', 'utf8')
const seen = {}
for (const name of Object.keys(files)) seen[name] = packed.split(`<file path="${name}">\n`)[1]?.split('\n</file>')[0]
console.log(JSON.stringify(seen, null, 1))
const expected = {
  'a.ts': "const url = 'http://x'",
  'b.sh': 'echo $\n\nX\nexit',
  'c.yaml': 'channel: team\nnote: |\n\n  text',
  'd.css': 'a { background: url(',
}
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
