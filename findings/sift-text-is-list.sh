#!/usr/bin/env bash
# sift 17.1.4, "MongoDB query filtering". Expected: a query finds what MongoDB finds. There { tags: 'x' } looks into a list and not into a
# list within it, 'tags.0' is an item of a list, and a field "length" is a field.
# Seen: a list within a list is looked into; the place in a path is also a letter of a text, so { 'tags.0': 'x' } finds the text "xyz";
# and 'tags.length' finds lists and texts of that length, which MongoDB never does.
# For a memory: a filter on the first tag finds entries that have none, by the first letter of another field's text.
# Here: not used; filters are SQL.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts sift@17.1.4
cat >try.js <<'JS'
import sift from 'sift'

const of = sift.default ?? sift
const entries = [{ tags: ['x'] }, { tags: [['x']] }, { tags: 'xyz' }, { tags: ['a', 'b', 'c'] }]
const queries = [{ tags: 'x' }, { 'tags.0': 'x' }, { 'tags.length': 3 }]
const seen = queries.map((query) => entries.filter(of(query)).map(({ tags }) => JSON.stringify(tags)).join(' '))
for (const [i, found] of seen.entries()) console.log(`${JSON.stringify(queries[i])}: ${found}`)
const isAsDescribed = seen.join(' | ') === '["x"] [["x"]] | ["x"] [["x"]] "xyz" | "xyz" ["a","b","c"]'
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
