#!/usr/bin/env bash
# json-schema-to-zod 2.8.1 with zod 4.6.7, checked with ajv 8.20.0. Expected: the zod schema takes what the JSON Schema takes; where it can
# say less it takes more.
# Seen: it refuses valid values without a word. A `const` or an `enum` that is an object or a list is compared by reference, so that no value
# fits; `patternProperties` for keys that begin with x- is asked of every key that is not named. Where `else` does not fit, safeParse
# throws a TypeError instead of an answer.
# For a memory: an import that checks with it refuses entries that its own JSON Schema was written for.
# Here: not used; an operation's schema is written in zod, and the JSON Schema is made from it.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts json-schema-to-zod@2.8.1 zod@4.6.7 ajv@8.20.0
cat >try.js <<'JS'
import { Ajv } from 'ajv'
import { jsonSchemaToZod } from 'json-schema-to-zod'
import * as z from 'zod'

const object = (rest) => ({ type: 'object', properties: { name: { type: 'string' } }, ...rest })
const cases = [
  [{ const: { kind: 'note' } }, { kind: 'note' }],
  [{ enum: [['ui', 'api']] }, ['ui', 'api']],
  [{ const: 'note' }, 'note'],
  [object({ patternProperties: { '^x-': { type: 'string' } } }), { name: 'a', 'x-by': 'Ada' }],
  [object({ patternProperties: { '^x-': { type: 'string' } } }), { name: 'a', line: 7 }],
  [{ if: { type: 'string' }, then: { minLength: 2 }, else: { type: 'number' } }, true],
]
const seen = cases.map(([schema, value]) => {
  const made = new Function('z', `return ${jsonSchemaToZod(schema)}`)(z)
  let result
  try {
    result = made.safeParse(value).success
  } catch (error) {
    result = error.name
  }
  return `${new Ajv({ strict: false }).validate(schema, value)} ${result}`
})
for (const [i, [schema, value]] of cases.entries()) console.log(`${seen[i]}: ${JSON.stringify(value)} by ${JSON.stringify(schema)}`)
const isAsDescribed = seen.join() === 'true false,true false,true true,true true,true false,false TypeError'
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
