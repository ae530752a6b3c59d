#!/usr/bin/env bash
# zod 4.6.7, checked with ajv 8.20.0 and ajv-formats 3.0.1. Expected: `z.toJSONSchema(schema, { io: 'input' })` takes what the schema takes
# as its input; what JSON Schema cannot say is an error (`unrepresentable`) or is left out, so that the schema takes more, not less.
# https://zod.dev/json-schema
# Seen: it refuses valid input without a word. The flag of /^[a-z]+$/i is dropped, and "ABC" is refused; `.trim().max(3)` counts the spaces
# that trim() takes away; z.coerce.number() is a number, though a text is what one coerces; z.url() takes an address with a space and
# the format `uri` does not. valibot's converter throws at the flag.
# For a memory: a client that checks what it sends cannot call a tool that would have understood it.
# Here: no argument is coerced or has a pattern with a flag, and a length is checked before the spaces go.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts zod@4.6.7 ajv@8.20.0 ajv-formats@3.0.1
cat >try.js <<'JS'
import addFormats from 'ajv-formats'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { z } from 'zod'

const ajv = new Ajv2020()
addFormats(ajv)
const cases = {
  flag: [z.string().regex(/^[a-z]+$/i), 'ABC'],
  trimmed: [z.string().trim().max(3), ' abc '],
  coerced: [z.coerce.number(), '5'],
  url: [z.url(), 'https://example.com/a b'],
  plain: [z.string().regex(/^[a-z]+$/), 'abc'],
}
const seen = Object.entries(cases).map(([name, [schema, input]]) => {
  const json = z.toJSONSchema(schema, { io: 'input' })
  const isTaken = { zod: schema.safeParse(input).success, schema: ajv.validate(json, input) }
  console.log(name.padEnd(8), JSON.stringify(input), JSON.stringify(isTaken), JSON.stringify(json))
  return `${name} ${isTaken.zod} ${isTaken.schema}`
})
const expected = ['flag true false', 'trimmed true false', 'coerced true false', 'url true false', 'plain true true']
const isAsDescribed = seen.join() === expected.join()
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
