#!/usr/bin/env bash
# search-query-parser 1.6.0. Expected: what stands in quotes is one value; and a range of dates is read in the form that sorts, 2026-01-05.
# Seen: a comma cuts in quotes too, so from:"Mueller, Ada" is "Mueller" and " Ada". A range is cut at hyphens, and only where there is
# one: the month 2026-01 is the range from "2026" to "01", and 2026-01-05-2026-02-01 has no end.
# For a memory: a filter by an author or a month finds other entries, or none.
# Here: not used.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts search-query-parser@1.6.0
cat >try.js <<'JS'
import parser from 'search-query-parser'

const parse = (query) => parser.parse(query, { keywords: ['from'], ranges: ['date'] })
const seen = {
  quoted: parse('from:"Mueller, Ada"').from,
  month: parse('date:2026-01').date,
  range: parse('date:2026-01-05-2026-02-01').date,
  slashes: parse('date:01/05/2026-02/01/2026').date,
}
console.log(JSON.stringify(seen))
const expected = {
  quoted: ['Mueller', ' Ada'],
  month: { from: '2026', to: '01' },
  range: { from: '2026-01-05-2026-02-01' },
  slashes: { from: '01/05/2026', to: '02/01/2026' },
}
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
