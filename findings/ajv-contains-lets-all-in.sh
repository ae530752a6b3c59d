#!/usr/bin/env bash
# ajv 8.20.0 (draft 2020-12), with @cfworker/json-schema 4.1.6 and typebox 1.4.3 beside it. Expected: beside `contains` the keyword
# `unevaluatedItems: false` takes the items that `contains` was met by, and refuses each other one.
# https://json-schema.org/draft/2020-12/json-schema-core#section-11.2
# Seen: once one item has met `contains` all are let in, whatever they are; `unevaluatedItems` with a schema is not applied either. In
# version 2020-12 `contains` counts only for the items it fits; ajv counts it for the whole list. The other two do as it says.
# For a memory: "one of these tags, and no other" takes any tags as long as one of them is there.
# Here: no schema has `contains`; ajv checks in a test only.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts ajv@8.20.0 @cfworker/json-schema@4.1.6 typebox@1.4.3
cat >try.js <<'JS'
import { Validator } from '@cfworker/json-schema'
import { Ajv2020 } from 'ajv/dist/2020.js'
import Schema from 'typebox/schema'

const contains = { type: 'string' }
const cases = [
  [{ contains, unevaluatedItems: false }, ['ui']],
  [{ contains, unevaluatedItems: false }, ['ui', 7]],
  [{ contains, unevaluatedItems: { type: 'number' } }, ['ui', null]],
  [{ prefixItems: [contains], unevaluatedItems: false }, ['ui', 7]],
  [{ contains, unevaluatedItems: false }, [7]],
]
const seen = cases.map(([schema, value]) => [
  new Ajv2020({ strict: false }).validate(schema, value),
  new Validator(schema, '2020-12').validate(value).valid,
  Schema.Check(schema, value),
])
for (const [i, [schema, value]] of cases.entries()) console.log(`${seen[i].join(' ')}: ${JSON.stringify(value)} by ${JSON.stringify(schema)}`)
const expected = [[true, true, true], [true, false, false], [true, false, false], [false, false, false], [false, false, false]]
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
