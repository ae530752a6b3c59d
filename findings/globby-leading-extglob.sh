#!/usr/bin/env bash
# globby 16.2.4. Expected: `!(draft).md` finds the files of this folder that end in .md, but for draft.md, as it does for fast-glob,
# to which globby hands its patterns; `notes/!(draft).md` does.
# https://github.com/sindresorhus/globby#globbing-patterns
# Seen: with the parenthesis in front the pattern is taken for an exclusion of draft.md, and a lone exclusion is of all there is: the
# answer holds files that do not end in .md, and those of every folder below, draft.md there too.
# For a memory: "all notes but the draft" imports each file of the project.
# Here: not used; files are found with the globs of Node.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts globby@16.2.4 fast-glob@3.3.3
cat >try.js <<'JS'
import { mkdirSync, writeFileSync } from 'node:fs'
import fastGlob from 'fast-glob'
import { globbySync } from 'globby'

mkdirSync('all/notes/private', { recursive: true })
for (const name of ['draft.md', 'done.md', 'key.pem', 'notes/draft.md', 'notes/done.md', 'notes/private/diary.txt']) {
  writeFileSync(`all/${name}`, '')
}
const found = (glob, pattern) => glob(pattern, { cwd: 'all' }).toSorted().join(' ')
const seen = {
  fastGlob: found(fastGlob.sync, '!(draft).md'),
  inFolder: found(globbySync, 'notes/!(draft).md'),
  inFront: found(globbySync, '!(draft).md'),
}
for (const [name, paths] of Object.entries(seen)) console.log(name.padEnd(9), paths)
const expected = {
  fastGlob: 'done.md',
  inFolder: 'notes/done.md',
  inFront: 'done.md key.pem notes/done.md notes/draft.md notes/private/diary.txt',
}
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
