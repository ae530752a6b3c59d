#!/usr/bin/env bash
# parse-duration 2.1.9. Expected: a text that is no duration for it is null, as "abc", "5 foos" and "half an hour" are, or it is what it says:
# "1:30" an hour and a half or a minute and a half.
# https://www.npmjs.com/package/parse-duration
# Seen: a number without a unit counts as a millisecond or less wherever it stands, and what stands around it is skipped: "1:30" and
# "01:30:00" are 1.03 milliseconds, "0:05" is 0.005, "1/2h" two hours and a millisecond, "5-10m" ten minutes and five milliseconds,
# "1h - 30m" an hour and a half. Its README says of noise around units only that it is left out ("duration: 1h:20min").
# For a memory: a lock or an entry that was given "1:30" has ended before anybody reads it.
# Here: not used; durations are numbers of milliseconds.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts parse-duration@2.1.9
cat >try.js <<'JS'
import parse from 'parse-duration'

const expected = {
  '1h30m': 5_400_000,
  '5 foos': null,
  'half an hour': null,
  '1:30': 1.03,
  '01:30:00': 1.03,
  '0:05': 0.005,
  '1/2h': 7_200_001,
  '5-10m': 600_005,
  '1h - 30m': 5_400_000,
}
const seen = Object.fromEntries(Object.keys(expected).map((text) => [text, parse(text)]))
console.log(JSON.stringify(seen, null, 1))
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
