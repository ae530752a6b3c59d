#!/usr/bin/env bash
# json-schema-faker 0.6.3, checked with ajv 8.20.0. Expected: what it makes of a schema meets the schema, or it throws; that is what it is for.
# https://github.com/json-schema-faker/json-schema-faker#readme
# Seen: of some schemas nothing that it makes is valid, with fifty seeds, and nothing is thrown: the key of `patternProperties` is its pattern
# cut at the first sign (`^x-[a-z]{3}$` gives "x"), though a text with that `pattern` is right, and keys that are made beside
# `propertyNames` do not meet its pattern.
# For a memory: the examples of a tool with labels are refused by the tool, and a test that only wants a refusal always passes.
# Here: not used; values for tests are made by fast-check.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts json-schema-faker@0.6.3 ajv@8.20.0
cat >try.js <<'JS'
import library from 'ajv/dist/2020.js'
import { createGenerator } from 'json-schema-faker'

const schemas = {
  pattern: { type: 'string', pattern: '^x-[a-z]{3}$' },
  patternProperties: {
    type: 'object',
    patternProperties: { '^x-[a-z]{3}$': { type: 'number' } },
    additionalProperties: false,
    minProperties: 1,
  },
  propertyNames: {
    type: 'object',
    propertyNames: { pattern: '^a' },
    additionalProperties: { type: 'number' },
    minProperties: 2,
  },
}
const ajv = new library.default()
const seen = {}
for (const [name, schema] of Object.entries(schemas)) {
  const generator = createGenerator({ seed: 1 })
  const values = []
  for (let attempt = 0; attempt < 50; attempt++) values.push(await generator.generate(structuredClone(schema)))
  const valid = values.filter((value) => ajv.validate(schema, value))
  seen[name] = `${valid.length} of ${values.length}`
  console.log(name, seen[name], JSON.stringify(values.slice(0, 2)))
}
const expected = {
  pattern: '50 of 50',
  patternProperties: '0 of 50',
  propertyNames: '0 of 50',
}
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
