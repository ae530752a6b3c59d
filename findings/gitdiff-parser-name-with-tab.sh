#!/usr/bin/env bash
# gitdiff-parser 0.3.1 on the output of git (seen with 2.39). Expected: newPath is the name of the file, and type says whether it was added.
# https://github.com/ecomfe/gitdiff-parser#readme
# Seen: git ends a name that has a space with a tab, so that patch knows where it ends; the tab is part of newPath: "my notes.md" is
# "my notes.md\t", which no file is called. A file that was added empty is `modify`. parse-diff 0.12.0 reads both.
# For a memory: what was changed is looked up by its name, and the notes on that file are never found.
# Here: not used; no diff of git is read.
# Needs git on the PATH.
set -eu
command -v git >/dev/null || { echo 'git is missing'; exit 2; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts gitdiff-parser@0.3.1 parse-diff@0.12.0
cat >try.js <<'JS'
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import gitDiffParser from 'gitdiff-parser'
import parseDiff from 'parse-diff'

mkdirSync('repository')
const git = (...words) => execFileSync('git', words, { cwd: 'repository', encoding: 'utf8', env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null' } })
git('init', '-q')
for (const name of ['my notes.md', 'notes.md']) writeFileSync(`repository/${name}`, 'old\n')
git('add', '.')
for (const name of ['my notes.md', 'notes.md']) writeFileSync(`repository/${name}`, 'new\n')
writeFileSync('repository/empty.md', '')
git('add', '-N', 'empty.md')
const diff = git('diff', '--no-color')
const seen = {
  'gitdiff-parser': gitDiffParser.parse(diff).map(({ type, newPath }) => [type, newPath]),
  'parse-diff': parseDiff(diff).map((file) => [file.new ? 'add' : 'modify', file.to]),
}
console.log(JSON.stringify(seen, null, 1))
const rest = ['modify', 'notes.md']
const expected = {
  'gitdiff-parser': [['modify', 'empty.md'], ['modify', 'my notes.md\t'], rest],
  'parse-diff': [['add', 'empty.md'], ['modify', 'my notes.md'], rest],
}
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
