#!/usr/bin/env bash
# zod 4.6.7. Expected: `z.unknown()` takes everything, undefined among it, so an object may lack the key, as it may in zod 3 and 4.0.
# Seen: the key must be there ("expected nonoptional, received undefined"), although its value may be undefined; the same for `z.any()`.
# Here: what may be missing says `.optional()` (clients/model/).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund zod@4.6.7 zod-4.0@npm:zod@4.0.0
cat >try.js <<'JS'
import { z } from 'zod'
import { z as before } from 'zod-4.0'

const takes = (schema, value) => schema.safeParse(value).success
const seen = {
  before: takes(before.object({ a: before.unknown() }), {}),
  unknown: takes(z.object({ a: z.unknown() }), {}),
  any: takes(z.object({ a: z.any() }), {}),
  present: takes(z.object({ a: z.unknown() }), { a: undefined }),
}
console.log(JSON.stringify(seen))
const expected = { before: true, unknown: false, any: false, present: true }
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
