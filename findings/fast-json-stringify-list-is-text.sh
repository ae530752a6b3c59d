#!/usr/bin/env bash
# fast-json-stringify 7.3.10, Fastify's. Expected: of a value that may be of several types (`type: ['string', 'array']`) each is written
# as what it is; the order of a list of types means nothing in JSON Schema.
# https://json-schema.org/draft/2020-12/json-schema-validation#section-6.1.1
# Seen: where "string" is named before "array" a list is written as one text, its items joined by commas; an empty list is an empty
# text, and so is null where "null" is not named. With "array" first, and with `anyOf`, the list is a list.
# For a memory: a rule's globs, which may be one or several, arrive as the glob "src/*.ts,test/*.ts", which no file has.
# Here: not used; answers are written with JSON.stringify (src/transports/http/).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts fast-json-stringify@7.3.10
cat >try.js <<'JS'
import build from 'fast-json-stringify'

const items = { type: 'string' }
const schemas = {
  stringFirst: { type: ['string', 'array'], items },
  arrayFirst: { type: ['array', 'string'], items },
  anyOf: { anyOf: [{ type: 'string' }, { type: 'array', items }] },
}
const lists = [['src/*.ts', 'test/*.ts'], []]
const seen = Object.fromEntries(
  Object.entries(schemas).map(([name, globs]) => {
    const stringify = build({ type: 'object', properties: { globs } })
    return [name, [...lists, 'src/*.ts'].map((value) => stringify({ globs: value }))]
  }),
)
console.log(JSON.stringify(seen, null, 1))
const asIs = [...lists, 'src/*.ts'].map((globs) => JSON.stringify({ globs }))
const joined = ['{"globs":"src/*.ts,test/*.ts"}', '{"globs":""}', asIs[2]]
const isAsDescribed = JSON.stringify(seen) === JSON.stringify({ stringFirst: joined, arrayFirst: asIs, anyOf: asIs })
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
