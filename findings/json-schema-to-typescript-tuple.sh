#!/usr/bin/env bash
# json-schema-to-typescript 16.0.0. Expected: a tuple of JSON Schema 2020-12 (`prefixItems` with `items: false`, what zod makes of one) is
# a tuple, or is refused.
# Seen: it is `never[]`: of all values only the empty list fits, and that is the one that the schema means least. The older form, `items`
# as a list, is a tuple.
# Here: no schema that types are made from has a tuple.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts json-schema-to-typescript@16.0.0
cat >try.js <<'JS'
import { compile } from 'json-schema-to-typescript'

const parts = [{ type: 'string' }, { type: 'number' }]
const typeOf = async (schema) => (await compile(schema, 'X', { bannerComment: '' })).replace(/\/\*.*?\*\//gs, '').replace(/\s+/g, ' ').trim()
const seen = {
  now: await typeOf({ type: 'array', prefixItems: parts, items: false, minItems: 2 }),
  loose: await typeOf({ type: 'array', prefixItems: parts, items: false }),
  before: await typeOf({ type: 'array', items: parts, additionalItems: false, minItems: 2 }),
}
console.log(JSON.stringify(seen, null, 1))
const isAsDescribed = seen.loose === 'export type X = never[];' && seen.before === 'export type X = [string, number];' && !/string/.test(seen.now)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
