#!/usr/bin/env bash
# tinyglobby 0.2.17. Expected: `{8..12}` stands for the numbers from 8 to 12, as it does for fast-glob, which tinyglobby is there to
# replace, for Node's own glob and for a shell.
# https://superchupu.dev/tinyglobby/comparison
# Seen: it is made the characters of `[8-12]`, in whichever way they can be read: `{8..12}.md` finds 1.md to 8.md and not one of 9 to 12,
# `{1..10}.md` finds 0.md and 1.md, and `{10..12}.md` nothing that was asked for. `{1..3}` and `{a..c}` are right.
# For a memory: an import of `journal-{1..12}.md` takes another month's notes and says nothing of the rest.
# Here: not used. picomatch, which does it, is handed a function that makes the numbers (src/services/hooks/patterns.ts).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts tinyglobby@0.2.17 fast-glob@3.3.3
cat >try.js <<'JS'
import { mkdirSync, writeFileSync } from 'node:fs'
import fastGlob from 'fast-glob'
import { globSync } from 'tinyglobby'

mkdirSync('notes')
for (let i = 0; i <= 14; i++) writeFileSync(`notes/${i}.md`, '')
const numbers = (paths) => paths.map((path) => Number.parseInt(path, 10)).toSorted((a, b) => a - b).join()
const seen = {}
for (const pattern of ['{1..3}.md', '{8..12}.md', '{1..10}.md', '{10..12}.md']) {
  seen[pattern] = { fastGlob: numbers(fastGlob.sync(pattern, { cwd: 'notes' })), tinyglobby: numbers(globSync(pattern, { cwd: 'notes' })) }
  console.log(pattern.padEnd(12), JSON.stringify(seen[pattern]))
}
const expected = {
  '{1..3}.md': { fastGlob: '1,2,3', tinyglobby: '1,2,3' },
  '{8..12}.md': { fastGlob: '8,9,10,11,12', tinyglobby: '1,2,3,4,5,6,7,8' },
  '{1..10}.md': { fastGlob: '1,2,3,4,5,6,7,8,9,10', tinyglobby: '0,1' },
  '{10..12}.md': { fastGlob: '10,11,12', tinyglobby: '0,1,2' },
}
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
