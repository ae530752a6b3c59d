#!/usr/bin/env bash
# typebox 1.4.3, Value.Convert (the release before it, @sinclair/typebox 0.34.52, does not do it). Expected: a text that is a number becomes
# that number where the schema takes a number or null, whichever is named first.
# Seen: with null named first "0" becomes null, as "" and "null" do, though "1" is 1 and "false" is 0. With the number named first "0" is 0,
# and so is "", which the release before leaves as it is. What TypeScript and JSON Schema take for one type is two.
# For a memory: `?limit=0` or `offset=0` of a query is no limit at all, and a count of 0 in an imported table is "unknown".
# Here: not used; a number in a text is read by what the schema wants (src/operations/arguments/).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts typebox@1.4.3 @sinclair/typebox@0.34.52
cat >try.js <<'JS'
import * as older from '@sinclair/typebox'
import { Value as OlderValue } from '@sinclair/typebox/value'
import Type from 'typebox'
import Value from 'typebox/value'

const texts = ['10', '1', '0', 'false', '', 'null', 'some']
function read(type, value) {
  const schemas = { nullFirst: type.Union([type.Null(), type.Number()]), numberFirst: type.Union([type.Number(), type.Null()]) }
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, texts.map((text) => value.Convert(schema, text))]))
}
const seen = { typebox: read(Type, Value), older: read(older.Type, OlderValue) }
console.log(JSON.stringify(texts))
for (const [name, rows] of Object.entries(seen)) for (const [order, row] of Object.entries(rows)) console.log(JSON.stringify(row), name, order)
const expected = {
  typebox: { nullFirst: [10, 1, null, 0, null, null, 'some'], numberFirst: [10, 1, 0, 0, 0, null, 'some'] },
  older: { nullFirst: [10, 1, 0, 0, '', null, 'some'], numberFirst: [10, 1, 0, 0, '', null, 'some'] },
}
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
