#!/usr/bin/env bash
# openapi-typescript 7.13.0. Expected: an object that needs one of two properties (`anyOf` of two `required`, as OpenAPI 3.1 takes it from JSON
# Schema) has a type that names its properties, and `required` counts wherever it stands.
# Seen: the type is "{ a?: string; b?: string } | unknown | unknown", which is unknown: nothing is checked any more. `required` in an
# `allOf` beside the properties leaves them optional; of a name that is not among them it is dropped.
# Here: not used; the SDK's types are made from the operations (scripts/reference/sdk.ts).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts openapi-typescript@7.13.0 typescript@5.9.3
cat >try.js <<'JS'
import openapiTs, { astToString } from 'openapi-typescript'

const properties = { a: { type: 'string' }, b: { type: 'string' } }
const schemas = {
  OneOfTwo: { type: 'object', properties, anyOf: [{ required: ['a'] }, { required: ['b'] }] },
  InAllOf: { type: 'object', properties, allOf: [{ required: ['a'] }] },
  Unknown: { type: 'object', properties, required: ['c'] },
  Plain: { type: 'object', properties, required: ['a'] },
}
const text = astToString(
  await openapiTs({ openapi: '3.1.0', info: { title: 't', version: '1' }, paths: {}, components: { schemas } }),
).replace(/\s+/g, ' ')
const seen = {}
for (const name of Object.keys(schemas)) seen[name] = text.match(new RegExp(` ${name}: (\\{ .*? \\}[^;]*);`))?.[1]
console.log(JSON.stringify(seen, null, 1))
const both = '{ a?: string; b?: string; }'
const expected = { OneOfTwo: `${both} | unknown | unknown`, InAllOf: `${both} & unknown`, Unknown: both, Plain: '{ a: string; b?: string; }' }
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
