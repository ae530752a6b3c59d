#!/usr/bin/env bash
# @apidevtools/swagger-parser 13.0.0. Expected: a dereferenced OpenAPI 3.1 document says the same as before. What stands beside `$ref` holds
# as well as what is referred to (JSON Schema 2020-12).
# https://json-schema.org/draft/2020-12/json-schema-core#section-8.2.3.1
# Seen: the two schemas are laid over each other. `properties` are put together, but of two `required`, two `enum` or two limits the one
# beside `$ref` takes the place of the other: a schema that asks for `id` and, beside the reference, for `text`, asks for `text` alone.
# For a memory: a client that checks against the dereferenced document sends an entry without what the server needs.
# Here: not used; our document is checked by @redocly/openapi-core.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts @apidevtools/swagger-parser@13.0.0 ajv@8.20.0
cat >try.js <<'JS'
import SwaggerParser from '@apidevtools/swagger-parser'
import Ajv from 'ajv/dist/2020.js'

const Entry = { type: 'object', properties: { id: { type: 'string' } }, required: ['id'], maxProperties: 3 }
const Note = { $ref: '#/components/schemas/Entry', properties: { text: { type: 'string' } }, required: ['text'], maxProperties: 5 }
const document = () => structuredClone({ openapi: '3.1.0', info: { title: 't', version: '1' }, paths: {}, components: { schemas: { Entry, Note } } })
const flat = (await SwaggerParser.dereference(document())).components.schemas.Note
const ajv = new Ajv({ strict: false })
const before = ajv.compile({ $ref: '#/components/schemas/Note', components: document().components })
const after = ajv.compile(flat)
const answers = (value) => [before(value), after(value)]
const seen = {
  required: flat.required,
  properties: Object.keys(flat.properties),
  maxProperties: flat.maxProperties,
  both: answers({ id: 'a', text: 'b' }),
  withoutId: answers({ text: 'b' }),
}
console.log(JSON.stringify(seen))
const expected = { required: ['text'], properties: ['id', 'text'], maxProperties: 5, both: [true, true], withoutId: [false, true] }
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
