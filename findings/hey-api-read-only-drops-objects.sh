#!/usr/bin/env bash
# @hey-api/openapi-ts 0.99.0, with the plugins @hey-api/typescript and zod. Expected: `readOnly: true` on one property takes that property
# out of what is sent, and leaves the others of the schema as they are.
# Seen: every property that is a free object (`{ type: object }`, with or without empty `properties`) is gone too, the required one among
# them, from the type and from the schema of the answer as from those of the body. The schema parses an answer and drops its value.
# For a memory: `id` is read only, and what an entry keeps in `metadata` is neither sent nor read.
# Here: not used; the SDK's types are made from the operations (scripts/reference/sdk.ts).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true,"allowScripts":{"node":true}}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts @hey-api/openapi-ts@0.99.0 typescript@5.9.3 zod@4.6.7
npm install --silent --no-audit --no-fund --ignore-scripts=false node@24.21.0
cat >try.js <<'JS'
import { readFileSync, writeFileSync } from 'node:fs'
import { createClient } from '@hey-api/openapi-ts'

function openapi(readOnly) {
  const id = { type: 'string', ...(readOnly && { readOnly }) }
  const properties = { id, metadata: { type: 'object' }, labels: { type: 'object', properties: {} }, title: { type: 'string' } }
  const content = { 'application/json': { schema: { $ref: '#/components/schemas/Entry' } } }
  const post = { operationId: 'add', requestBody: { content }, responses: { 200: { description: 'ok', content } } }
  const schemas = { Entry: { type: 'object', properties, required: ['id', 'metadata'] } }
  return { openapi: '3.1.0', info: { title: 't', version: '1' }, paths: { '/entries': { post } }, components: { schemas } }
}
async function generated(folder, readOnly) {
  const plugins = ['@hey-api/typescript', 'zod']
  writeFileSync(`${folder}.json`, JSON.stringify(openapi(readOnly)))
  await createClient({ input: `${folder}.json`, output: { path: folder }, plugins, logs: { level: 'silent' } })
  const type = readFileSync(`${folder}/types.gen.ts`, 'utf8').match(/export type Entry = \{(.*?)\n\};/s)[1]
  const { zAddResponse, zAddBody } = await import(`./${folder}/zod.gen.ts`)
  return {
    type: [...type.matchAll(/^ {4}(?:readonly )?(\w+)/gm)].map((match) => match[1]),
    answer: zAddResponse.parse({ id: '1', metadata: { by: 'Ada' }, title: 'tabs' }),
    body: Object.keys(zAddBody.shape),
  }
}
const seen = { plain: await generated('plain', false), readOnly: await generated('read-only', true) }
console.log(`plain:     ${JSON.stringify(seen.plain)}\nread only: ${JSON.stringify(seen.readOnly)}`)
const all = ['id', 'metadata', 'labels', 'title']
const expected = {
  plain: { type: all, answer: { id: '1', metadata: { by: 'Ada' }, title: 'tabs' }, body: all },
  readOnly: { type: ['id', 'title'], answer: { id: '1', title: 'tabs' }, body: ['title'] },
}
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node_modules/.bin/node try.js
