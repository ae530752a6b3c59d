#!/usr/bin/env bash
# fast-json-patch 3.1.1. Expected: compare() finds that one Date became another and writes
# one `replace` with the new one, as it does for a Date beside any other value; or it finds nothing, as of two Maps.
# https://github.com/Starcounter-Jack/JSON-Patch#functions
# Seen: both Dates become their texts, and the texts are walked through as if they were lists: 24 operations, `add` at /at/0 the "2", at
# /at/1 the "0" and so on. They are applied without an error and leave the old time: to the object that was compared, which then has
# letters as properties of its Date, and to the same document read from JSON.
# For a memory: a deadline or a last use that was moved is sent to the others as a patch, and stays where it was for all of them.
# Here: not used; times are numbers of milliseconds, and no change is sent as a patch.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts fast-json-patch@3.1.1
cat >try.js <<'JS'
import jsonPatch from 'fast-json-patch'

const dates = ['2026-01-01T00:00:00.000Z', '2027-12-31T00:00:00.000Z'].map((text) => new Date(text))
const operations = jsonPatch.compare({ at: dates[0] }, { at: dates[1] })
const applied = (at) => jsonPatch.applyPatch({ at }, jsonPatch.deepClone(operations)).newDocument.at
const date = applied(new Date(dates[0]))
const seen = {
  operations: operations.length,
  first: operations.slice(0, 2),
  beside: jsonPatch.compare({ at: null }, { at: dates[1] }).length,
  applied: [date.toISOString(), Object.keys(date).length],
  fromJson: applied(dates[0].toISOString()),
}
console.log(JSON.stringify(seen, null, 1))
const expected = {
  operations: 24,
  first: [
    { op: 'add', path: '/at/0', value: '2' },
    { op: 'add', path: '/at/1', value: '0' },
  ],
  beside: 1,
  applied: ['2026-01-01T00:00:00.000Z', 24],
  fromJson: '2026-01-01T00:00:00.000Z',
}
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
