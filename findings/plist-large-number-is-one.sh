#!/usr/bin/env bash
# plist 5.0.0. Expected: what build() has written is read by parse() as what it was.
# https://github.com/TooTallNate/plist.js#readme
# Seen: a number of 1e21 and more is written as JavaScript writes it, `<integer>1e+21</integer>`, which is no integer of the format, and read
# back as 1: what stands before the `e`. 1e20 and 1e-7 are right. A Date loses its milliseconds (cut, not rounded).
# For a memory: a launch agent's or an editor's settings are read, changed in one place and written again with another number.
# Here: not used; no client's settings are a property list.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts plist@5.0.0
cat >try.js <<'JS'
import { build, parse } from 'plist'

const again = (value) => parse(build({ value })).value
const seen = {
  numbers: [1e20, 1e21, 2 ** 70, 6.02e23, 1e-7].map((number) => [number, again(number)].join(' -> ')),
  written: /<integer>.*<\/integer>/.exec(build({ value: 1e21 }))[0],
  time: again(new Date('2026-01-01T00:00:00.900Z')).toISOString(),
}
console.log(JSON.stringify(seen, null, 1))
const expected = {
  numbers: [
    '100000000000000000000 -> 100000000000000000000',
    '1e+21 -> 1',
    '1.1805916207174113e+21 -> 1',
    '6.02e+23 -> 6',
    '1e-7 -> 1e-7',
  ],
  written: '<integer>1e+21</integer>',
  time: '2026-01-01T00:00:00.000Z',
}
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
