#!/usr/bin/env bash
# shell-quote 1.12.0. Expected: `#` begins a comment at the begin of a word, and within one it is a letter like others, as POSIX says and
# every shell does.
# https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_03
# Seen: parse() ends the word at any `#` that is not quoted and takes the rest of the line for a comment: `cat notes#2.md` reads "notes", and
# `npm install owner/name#main` has no branch any more. A backslash at the end of a line leaves an empty argument, where a shell goes on with
# the next line. bash has `notes#2.md` whole.
# For a memory: a file lock for what a command writes is taken on another file.
# Here: not used; a command line is never taken apart.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts shell-quote@1.12.0
cat >try.js <<'JS'
import { execFileSync } from 'node:child_process'
import { parse } from 'shell-quote'

const words = (line) => JSON.stringify(parse(line))
const seen = {
  file: words('cat notes#2.md'),
  branch: words('npm install owner/name#main'),
  quoted: words('cat "notes#2.md"'),
  comment: words('ls # all of them'),
  twoLines: words('ls \\\n -l'),
  bash: execFileSync('bash', ['-c', 'printf "[%s]" notes#2.md owner/name#main'], { encoding: 'utf8' }),
}
console.log(JSON.stringify(seen, null, 1))
const expected = {
  file: '["cat","notes",{"comment":"2.md"}]',
  branch: '["npm","install","owner/name",{"comment":"main"}]',
  quoted: '["cat","notes#2.md"]',
  comment: '["ls",{"comment":" all of them"}]',
  twoLines: '["ls","","-l"]',
  bash: '[notes#2.md][owner/name#main]',
}
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
