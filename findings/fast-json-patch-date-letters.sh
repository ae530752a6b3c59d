#!/usr/bin/env bash
# fast-json-patch 3.1.1. Expected: compare() of two objects that hold the same Date is empty, and for another Date one `replace` by its
# text in JSON.
# Seen: each letter of the text is added by itself, 24 operations, though the dates be the same. Applied to the object, or to its
# JSON, such a patch is accepted and changes nothing: the new date is lost without an error.
# Here: not used.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts fast-json-patch@3.1.1
cat >try.js <<'JS'
import jsonPatch from 'fast-json-patch'

const note = (day) => ({ at: new Date(Date.UTC(2026, 0, day)) })
const asJson = (value) => JSON.parse(JSON.stringify(value))
const patch = jsonPatch.compare(note(1), note(2))
const applied = (value) => asJson(jsonPatch.applyPatch(value, asJson(patch)).newDocument).at.slice(0, 10)
const seen = {
  same: jsonPatch.compare(note(1), note(1)).length,
  other: patch.length,
  ofJson: jsonPatch.compare(asJson(note(1)), asJson(note(2))).length,
  first: patch[0],
  toObject: applied(note(1)),
  toJson: applied(asJson(note(1))),
}
console.log(JSON.stringify(seen))
const expected = {
  same: 24,
  other: 24,
  ofJson: 1,
  first: { op: 'add', path: '/at/0', value: '2' },
  toObject: '2026-01-01',
  toJson: '2026-01-01',
}
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
