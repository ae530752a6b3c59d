#!/usr/bin/env bash
# @valibot/to-json-schema 1.8.0 with valibot 1.5.0. Expected: the JSON Schema takes what the schema takes; what it cannot say is an error, as
# it is for two patterns of one text.
# https://github.com/open-circle/valibot/tree/main/packages/to-json-schema#readme
# Seen: the optional items of a tuple are counted as needed (`minItems` is their number), so `['a']` is taken by the schema and refused by its
# JSON Schema, with a default for the second item too. Of two formats (`url()`, `email()`) the last one stands alone, without an error.
# For a memory: a model that reads the tool's schema sends an item that it does not have.
# Here: zod makes the schemas, and no argument is a tuple.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts valibot@1.5.0 @valibot/to-json-schema@1.8.0 ajv@8.20.0
cat >try.js <<'JS'
import { toJsonSchema } from '@valibot/to-json-schema'
import Ajv from 'ajv'
import * as v from 'valibot'

const ajv = new Ajv({ formats: { email: true, uri: true } })
const taken = (schema, value) => [v.is(schema, value), ajv.validate(toJsonSchema(schema), value)]
const range = v.tuple([v.string(), v.optional(v.string())])
const seen = {
  both: taken(range, ['a', 'b']),
  one: taken(range, ['a']),
  withDefault: taken(v.strictTuple([v.string(), v.optional(v.string(), 'b')]), ['a']),
  minItems: toJsonSchema(range).minItems,
  formats: toJsonSchema(v.pipe(v.string(), v.url(), v.email())).format,
}
console.log(JSON.stringify(seen))
const expected = { both: [true, true], one: [true, false], withDefault: [true, false], minItems: 2, formats: 'email' }
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
