#!/usr/bin/env bash
# quicktype-core 26.0.0. Expected: the types alone ("just-types") that it makes of a JSON Schema describe what JSON.parse gives.
# Seen: a text of the format date-time is a Date, which nothing makes of it where only types are asked for: `entry.at.getTime()` passes the
# compiler and is an error at the first entry. And of `oneOf` two objects, each with its `required`, one object is made in which nothing
# is required and everything else is allowed.
# For a memory: a client that is generated from the schema of an answer fails with the first answer.
# Here: types are made by json-schema-to-typescript, where a time is a string (scripts/reference/sdk.ts).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts quicktype-core@26.0.0
cat >try.js <<'JS'
import { FetchingJSONSchemaStore, InputData, JSONSchemaInput, quicktype } from 'quicktype-core'

const only = (name) => ({ type: 'object', properties: { [name]: { type: 'string' } }, required: [name], additionalProperties: false })
const schema = {
  type: 'object',
  properties: { at: { type: 'string', format: 'date-time' }, source: { oneOf: [only('path'), only('url')] } },
  required: ['at', 'source'],
  additionalProperties: false,
}
const source = new JSONSchemaInput(new FetchingJSONSchemaStore())
await source.addSource({ name: 'Entry', schema: JSON.stringify(schema) })
const inputData = new InputData()
inputData.addInput(source)
const { lines } = await quicktype({ inputData, lang: 'typescript', rendererOptions: { 'just-types': 'true' } })
const code = lines.join(' ').replace(/\s+/g, ' ')
console.log(code)
const isAsDescribed = /at: Date;/.test(code) && /interface Source \{ path\?: string; url\?: string;/.test(code)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
