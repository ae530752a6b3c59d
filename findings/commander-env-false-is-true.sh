#!/usr/bin/env bash
# commander 14.0.3, `new Option('--verbose').env('VERBOSE')`. Expected: a flag that is set to false, 0 or nothing in the environment is off; a
# list in the environment is a list.
# https://github.com/tj/commander.js#more-configuration
# Seen: the flag is on as soon as the variable is there, whatever it holds, so `VERBOSE=false` and `VERBOSE=` switch it on, and `NO_COLOR=0`
# of a `--no-color` off the colours. For a list (`--tag <tags...>`) the variable is one text.
# For a memory: a container that sets `READ_ONLY=false` starts a server that refuses every write.
# Here: not used; flags in the environment may be true, false, 1, 0, yes, no, on and off, and anything else is refused
# (src/config/setting.ts).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts commander@14.0.3
cat >try.js <<'JS'
import { Command, Option } from 'commander'

function read(flags, text) {
  process.env.SETTING = text
  const command = new Command().addOption(new Option(flags).env('SETTING')).parse([], { from: 'user' })
  return JSON.stringify(Object.values(command.opts())[0])
}
const seen = {
  flag: ['true', 'false', '0', ''].map((text) => read('--verbose', text)).join(' '),
  negative: read('--no-color', '0'),
  list: read('--tag <tags...>', 'a b'),
  listWithComma: read('--tag <tags...>', 'a,b'),
}
console.log(JSON.stringify(seen, null, 1))
const expected = { flag: 'true true true true', negative: 'false', list: '["a b"]', listWithComma: '["a,b"]' }
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
