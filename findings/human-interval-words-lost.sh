#!/usr/bin/env bash
# human-interval 2.0.1 (agenda reads its schedules with it). Expected: a length of time in words is read as people say it, and what cannot be
# read is undefined or NaN, as "5 min" is.
# https://github.com/agenda/human-interval#readme
# Seen: a word that it does not know is left out without a sign. "an hour" and "every 3 minutes" are 0, "two and a half hours" is two hours,
# "1,000 seconds" is one second, "1 hour 30" an hour, and "5 milliseconds" are five seconds: the unit is found at the end of the word.
# For a memory: a job that is to run "every 3 minutes" has a pause of none, and a lease of "5 milliseconds" is held a thousand times as long.
# Here: not used; a duration is one number with one unit as a whole, and anything else is refused (src/operations/arguments/numbers.ts).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts human-interval@2.0.1
cat >try.js <<'JS'
import humanInterval from 'human-interval'

const said = ['3 minutes', 'an hour', 'every 3 minutes', 'two and a half hours', '1,000 seconds', '1 hour 30', '5 milliseconds', '5 min']
const seen = said.map((words) => String(humanInterval(words)))
for (const [i, words] of said.entries()) console.log(words.padEnd(24), seen[i])
const expected = ['180000', '0', '0', '7200000', '1000', '3600000', '5000', 'NaN']
const isAsDescribed = seen.join() === expected.join()
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
