#!/usr/bin/env bash
# orval 8.38.0, client `fetch`. Expected: a query parameter is written as the OpenAPI document says: what has `content` of JSON as JSON,
# a list of `pipeDelimited` with pipes, an object's properties as they are.
# https://spec.openapis.org/oas/v3.1.0#parameter-object
# Seen: all but lists of the default style and `deepObject` go through String(): an object is sent as "[object Object]", a list with
# commas whatever its style, and `deepObject` does the same to what is inside. The types take all of it, nothing is said, and the
# server gets a filter that was never written.
# For a memory: a search by a filter of tags is a search by the text "[object Object]".
# Here: an argument that is an object is such a parameter (src/transports/http/openapi/document.ts); a text that is none is refused.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true,"allowScripts":{"node":true}}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts orval@8.38.0 typescript@5.9.3
npm install --silent --no-audit --no-fund --ignore-scripts=false node@24.21.0
cat >try.js <<'JS'
import { writeFileSync } from 'node:fs'
import { generate } from 'orval'

const tags = { type: 'array', items: { type: 'string' } }
const filter = { type: 'object', properties: { tags } }
const parameters = [
  { name: 'plain', schema: tags },
  { name: 'pipes', schema: tags, style: 'pipeDelimited', explode: false },
  { name: 'json', content: { 'application/json': { schema: filter } } },
  { name: 'form', schema: filter },
  { name: 'deep', schema: filter, style: 'deepObject', explode: true },
].map((parameter) => ({ in: 'query', ...parameter }))
const responses = { 200: { description: 'ok', content: { 'application/json': { schema: { type: 'object' } } } } }
const paths = { '/entries': { get: { operationId: 'list', parameters, responses } } }
writeFileSync('openapi.json', JSON.stringify({ openapi: '3.1.0', info: { title: 't', version: '1' }, paths }))
await generate({ input: 'openapi.json', output: { target: 'client.ts', client: 'fetch' } })
const { getListUrl } = await import('./client.ts')
const list = ['ui', 'api']
const sent = { plain: list, pipes: list, json: { tags: list }, form: { tags: list }, deep: { tags: [{ name: 'ui' }] } }
const seen = decodeURIComponent(getListUrl(sent)).replaceAll('+', ' ').split('?')[1].split('&')
console.log(seen.join('\n'))
const expected = ['plain=ui', 'plain=api', 'pipes=ui,api', 'json=[object Object]', 'form=[object Object]', 'deep[tags]=[object Object]']
const isAsDescribed = seen.join() === expected.join()
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node_modules/.bin/node try.js
