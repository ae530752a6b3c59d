#!/usr/bin/env bash
# ini 6.0.0. Expected: quotes around a value keep what is in them and are not part of it, also where a comment follows; what stringify() writes
# parse() reads as the same.
# https://github.com/npm/ini#readme
# Seen: `"tulip"` is tulip and `tulip ; mine` is tulip, but `"tulip" ; mine` has its quotes on, and of `"tu#lip" # mine` the value is `"tu`. A
# key with `=` in it is written in quotes and read as another key: {"/find?id=5": "v"} comes back as {"\"/find?id": "5\"=v"}. `#` alone
# in quotes, and a key with a dot or a bracket, are right.
# For a memory: somebody notes behind a password why it is so, and the server is given half of it; what is kept by address is lost.
# Here: not used; settings are environment variables (src/config/).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts ini@6.0.0
cat >try.js <<'JS'
import ini from 'ini'

const lines = ['"tulip"', 'tulip ; mine', '"tu#lip"', '"tulip" ; mine', '"tu#lip" # mine']
const seen = {
  values: Object.fromEntries(lines.map((line) => [line, ini.parse(`password = ${line}`).password])),
  keys: ini.parse(ini.stringify({ '/find?id=5': 'v', '[list]': 'v' })),
}
console.log(JSON.stringify(seen, null, 1))
const expected = {
  values: {
    '"tulip"': 'tulip',
    'tulip ; mine': 'tulip',
    '"tu#lip"': 'tu#lip',
    '"tulip" ; mine': '"tulip"',
    '"tu#lip" # mine': '"tu',
  },
  keys: { '"/find?id': '5"=v', '[list]': 'v' },
}
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
