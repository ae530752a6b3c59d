#!/usr/bin/env bash
# mingo 7.2.7, "MongoDB query language for in-memory objects". Expected: what MongoDB's documentation says: a month after 31 January is the
# last day of February, and { a: { $gte: null } } finds what is null or is not there, as { a: null } does.
# Seen: $dateAdd gives 3 March; $gte and $lte of null find null alone and not what is missing, $min over 3 and [1] is the list.
# For a memory: a date of review that is set a month ahead is skipped in February.
# Here: not used.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts mingo@7.2.7
cat >try.js <<'JS'
import { Aggregator, Query } from 'mingo'

const entries = [{ a: null }, {}, { a: 1 }]
const found = (query) => entries.filter((entry) => new Query(query).test(entry)).map((entry) => JSON.stringify(entry)).join(' ')
const startDate = new Date('2026-01-31T00:00:00Z')
const [{ ahead }] = new Aggregator([{ $project: { ahead: { $dateAdd: { startDate, unit: 'month', amount: 1 } } } }]).run([{}])
const [{ least }] = new Aggregator([{ $group: { _id: null, least: { $min: '$n' } } }]).run([{ n: 3 }, { n: [1] }])
const seen = { isNull: found({ a: null }), atLeastNull: found({ a: { $gte: null } }), ahead: ahead.toISOString().slice(0, 10), least }
console.log(JSON.stringify(seen))
const expected = { isNull: '{"a":null} {}', atLeastNull: '{"a":null}', ahead: '2026-03-03', least: [1] }
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
