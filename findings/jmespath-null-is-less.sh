#!/usr/bin/env bash
# jmespath 0.16.0, the JavaScript of JMESPath's own project. Expected: `<` and its kin are of numbers, and with anything else the result
# is null, so that a filter leaves the item out; @jmespath-community/jmespath 1.3.0 does so. to_number() of a text that is no number of
# JSON is null.
# https://jmespath.org/specification.html#ordering-operators and #to-number
# Seen: they compare as JavaScript does. "fewer than 5 uses" finds what has null uses, the text "3" and an empty list, "more than 5" the
# text "10". And to_number() makes 0 of an empty text and 16 of "0x10", in both libraries.
# For a memory: what was never counted is found among what is rarely used, and is cleaned up with it.
# Here: not used; filters are SQL (src/store/entries/).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts jmespath@0.16.0 @jmespath-community/jmespath@1.3.0
cat >try.js <<'JS'
import community from '@jmespath-community/jmespath'
import jmespath from 'jmespath'

const uses = { one: 1, nine: 9, null: null, three: '3', ten: '10', list: [] }
const items = Object.entries(uses).map(([name, n]) => ({ name, n }))
const queries = ['items[?n < `5`].name', 'items[?n > `5`].name', "[to_number('7'), to_number(''), to_number('0x10')]"]
const seen = Object.fromEntries(
  Object.entries({ jmespath, community }).map(([name, { search }]) => [name, queries.map((query) => search({ items }, query))]),
)
console.log(JSON.stringify(seen, null, 1))
const expected = {
  jmespath: [['one', 'null', 'three', 'list'], ['nine', 'ten'], [7, 0, 16]],
  community: [['one'], ['nine'], [7, 0, 16]],
}
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
