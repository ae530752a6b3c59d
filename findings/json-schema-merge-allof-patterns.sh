#!/usr/bin/env bash
# json-schema-merge-allof 0.8.1, checked with ajv 8.20.0. Expected: the merged schema takes what the schemas of `allOf` take together.
# https://www.npmjs.com/package/json-schema-merge-allof
# Seen: two patterns become `(?=one)(?=other)`, which asks for both at the same place. "a capital" and "a digit" (how one says that a text
# has both) are `(?=[A-Z])(?=[0-9])`, and no text has that: every value is refused. Two `contains` become one that a single item has to
# meet. An integer that is a number is "probably incompatible".
# For a memory: a server that lists merged schemas refuses every name that its own rules take.
# Here: not used; a schema is listed as zod writes it (src/transports/mcp/tools/schema-summary.ts).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts json-schema-merge-allof@0.8.1 ajv@8.20.0
cat >try.js <<'JS'
import { Ajv } from 'ajv'
import mergeAllOf from 'json-schema-merge-allof'

const ajv = new Ajv({ strict: false })
const cases = [
  [{ allOf: [{ pattern: '[A-Z]' }, { pattern: '[0-9]' }] }, ['A1', '1A', 'Key-7', 'key']],
  [{ allOf: [{ pattern: '^[a-z]' }, { pattern: '^[a-f]' }] }, ['ab', 'x']],
  [{ allOf: [{ contains: { minimum: 5 } }, { contains: { maximum: 3 } }] }, [[6, 2], [4]]],
  [{ allOf: [{ type: 'number' }, { type: 'integer' }] }, [7, 7.5]],
]
function outcome([schema, values]) {
  const before = values.map(ajv.compile(schema))
  try {
    const merged = mergeAllOf(schema)
    return { merged, before, after: values.map(ajv.compile(merged)) }
  } catch (error) {
    return { before, after: error.message.match(/probably incompatible/)?.[0] }
  }
}
const seen = cases.map(outcome)
for (const row of seen) console.log(JSON.stringify(row))
const expected = [
  { merged: { pattern: '(?=[A-Z])(?=[0-9])' }, before: [true, true, true, false], after: [false, false, false, false] },
  { merged: { pattern: '(?=^[a-z])(?=^[a-f])' }, before: [true, false], after: [true, false] },
  { merged: { contains: { minimum: 5, maximum: 3 } }, before: [true, false], after: [false, false] },
  { before: [true, false], after: 'probably incompatible' },
]
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
