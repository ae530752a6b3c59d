#!/usr/bin/env bash
# cac 7.1.0. Expected: the value of an option `--text <text>` is what was typed; numbers among the options are made numbers, and
# `type: [String]` says that the values are texts.
# https://github.com/cacjs/cac#readme
# Seen: an empty text is 0. With `type: [String]` the text is made a number first and a text again: 1.10 is "1.1", 007 is "7" and "" is
# "0", so that no setting gives what was typed. `-n -1` is true for it, and sets an option named 1.
# For a memory: `--note ""`, to empty a note, writes 0 into it, and a version is another.
# Here: arguments are read with node:util and the schema of each operation (src/transports/cli/).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts cac@7.1.0
cat >try.js <<'JS'
import cac from 'cac'

function read(args, option = {}) {
  const cli = cac('memory')
  cli.option('-n, --note <note>', 'its text', option)
  const { '--': _, n, ...options } = cli.parse(['node', 'memory', ...args], { run: false }).options
  return JSON.stringify(options)
}
const asTexts = { type: [String] }
const seen = {
  word: read(['--note', 'a note']),
  empty: read(['--note', '']),
  version: read(['--note', '1.10'], asTexts),
  leading: read(['--note', '007'], asTexts),
  emptyText: read(['--note', ''], asTexts),
  negative: read(['-n', '-1']),
}
for (const [name, options] of Object.entries(seen)) console.log(name.padEnd(10), options)
const expected = {
  word: '{"note":"a note"}',
  empty: '{"note":0}',
  version: '{"note":["1.1"]}',
  leading: '{"note":["7"]}',
  emptyText: '{"note":["0"]}',
  negative: '{"1":true,"note":true}',
}
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
