#!/usr/bin/env bash
# yargs 18.2.0. Expected: an option of the type `string` takes the argument that follows it, which the shell has handed over as one.
# https://yargs.js.org/docs/#api-reference-stringkey
# Seen: a text that begins with a dash is taken for options: `--text '- buy milk'` is an empty text and an option for each letter of its first
# word, the rest is nowhere; `--- title` is an option of its own. A dash alone, which often means standard input, is an empty text too.
# `--text=…` keeps it; util.parseArgs of Node refuses it and says what to do.
# For a memory: the note that is a list of Markdown is stored empty.
# Here: an argument is an option only if it names one (src/transports/cli/arguments/command-line.ts), and `-` reads standard input.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts yargs@18.2.0
cat >try.js <<'JS'
import { parseArgs } from 'node:util'
import yargs from 'yargs'

function text(...args) {
  const argv = yargs(args).option('text', { type: 'string' }).parse()
  const others = Object.keys(argv).filter((name) => !['_', '$0', 'text'].includes(name))
  return JSON.stringify([argv.text, ...others])
}
const list = '- buy milk'
const seen = {
  plain: text('--text', 'buy milk'),
  list: text('--text', list),
  frontMatter: text('--text', '--- title'),
  dash: text('--text', '-'),
  equals: text(`--text=${list}`),
}
try {
  parseArgs({ args: ['--text', list], options: { text: { type: 'string' } } })
} catch (error) {
  seen.node = error.code
}
console.log(JSON.stringify(seen, null, 1))
const expected = {
  plain: '["buy milk"]',
  list: '[""," ","b","u","y"]',
  frontMatter: '["","- title"," title"]',
  dash: '[""]',
  equals: '["- buy milk"]',
  node: 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE',
}
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
