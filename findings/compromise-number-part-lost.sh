#!/usr/bin/env bash
# compromise 14.17.0. Expected: numbers().get() says which numbers a text names, or leaves out what it does not understand; "minus five"
# is -5 and "1.5 million" 1500000.
# https://github.com/spencermountain/compromise#readme
# Seen: a sign or a unit that is not understood is left out, and the rest is the number. "-5 degrees" is 5, "2k users" 2, "$1.5k" 1.5,
# "two dozen" 2, "1/2" 1; and "5% of 1,000.5" is one number, 0.005.
# For a memory: what is made of a note says that it was five degrees above zero, and that there are two users.
# Here: not used; numbers of a text are words to the search (src/domain/words/).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts compromise@14.17.0
cat >try.js <<'JS'
import nlp from 'compromise'

const expected = {
  'minus five degrees': [-5],
  '1.5 million users': [1_500_000],
  '-5 degrees': [5],
  '2k users': [2],
  'it costs $1.5k': [1.5],
  'two dozen users': [2],
  '1/2': [1],
  '5% of 1,000.5': [0.005],
}
const seen = Object.fromEntries(Object.keys(expected).map((text) => [text, nlp(text).numbers().get()]))
for (const [text, numbers] of Object.entries(seen)) console.log(text.padEnd(20), JSON.stringify(numbers))
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
