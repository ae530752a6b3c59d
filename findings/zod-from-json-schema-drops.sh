#!/usr/bin/env bash
# zod 4.6.7. Expected: z.fromJSONSchema refuses a keyword that it cannot take over, as it does for `if` and `not`, and checks all others.
# Seen: it drops some without a word, and the schema it makes takes what the JSON Schema refuses: `required` of a name that is not
# among the properties, `anyOf` of two `required` (the usual way to ask for one of two arguments of a tool), what stands beside
# `$ref`, `minLength` beside `enum`, and properties without `type`.
# Here: not used; an operation's schema is written in zod, and the JSON Schema is made from it.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts zod@4.6.7 ajv@8.20.0
cat >try.js <<'JS'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { z } from 'zod'

const a = { a: { type: 'string' } }
const tries = [
  ['required alone', { type: 'object', properties: a, required: ['b'] }, { a: 'x' }],
  ['one of two', { type: 'object', properties: a, anyOf: [{ required: ['a'] }, { required: ['b'] }] }, {}],
  ['beside $ref', { $defs: { s: { type: 'string' } }, $ref: '#/$defs/s', minLength: 2 }, 'a'],
  ['beside enum', { type: 'string', enum: ['a', 'bb'], minLength: 2 }, 'a'],
  ['without type', { properties: a, required: ['a'] }, {}],
]
const ajv = new Ajv2020({ strict: false })
const seen = tries.map(([name, schema, value]) => ({
  name,
  ajv: ajv.validate(schema, value),
  zod: z.fromJSONSchema(schema).safeParse(value).success,
}))
for (const one of seen) console.log(JSON.stringify(one))
let refused = ''
try {
  z.fromJSONSchema({ not: { type: 'string' } })
} catch (error) {
  refused = error.message
}
console.log(`not: ${refused}`)
const isAsDescribed = seen.every(({ ajv, zod }) => !ajv && zod) && refused !== ''
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
