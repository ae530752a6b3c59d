#!/usr/bin/env bash
# gunshi 0.29.4, with citty 0.2.2 beside it. Expected: `--color=false` sets color to false, or it is refused, as node:util's parseArgs refuses a
# value for a boolean; `--text ""` sets the text to an empty one.
# https://gunshi.dev/guide/essentials/declarative
# Seen: what stands after the `=` of a boolean is dropped, and the option is true: with `=false`, `=no` and `=0`. An empty text is no text: the
# option is as if it had not been given. citty reads both as they are written.
# For a memory: `--dry-run=true` of a script and `--dry-run=false` do the same, and a note cannot be emptied.
# Here: arguments are read with node:util and the schema of each operation (src/transports/cli/).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts gunshi@0.29.4 citty@0.2.2
cat >try.js <<'JS'
import { parseArgs } from 'citty'
import { cli } from 'gunshi'

const args = { color: { type: 'boolean' }, text: { type: 'string' } }
async function values(...words) {
  let found
  await cli(words, { name: 'try', args, run: (context) => { found = context.values } }, { renderHeader: null })
  const { color, text } = found
  const beside = parseArgs(words, args)
  return [{ color, text }, { color: beside.color, text: beside.text }]
}
const seen = {
  false: await values('--color=false'),
  true: await values('--color=true'),
  empty: await values('--text', ''),
  text: await values('--text', 'a'),
}
console.log(JSON.stringify(seen, null, 1))
const expected = {
  false: [{ color: true }, { color: false }],
  true: [{ color: true }, { color: true }],
  empty: [{}, { text: '' }],
  text: [{ text: 'a' }, { text: 'a' }],
}
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
