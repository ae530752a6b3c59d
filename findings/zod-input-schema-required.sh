#!/usr/bin/env bash
# zod 4.6.7. Expected: the JSON Schema of a schema's input (`io: 'input'`, what an MCP server shows of a tool) takes what the schema
# itself takes. `.default()` does: the argument may be missing.
# Seen: with `.catch()` and `z.preprocess()` the schema takes a missing argument, and its JSON Schema says that it is required; a
# client that checks, or a model that is told so, cannot leave it out.
# Here: what may be missing says `.default()` or `.optional()` (src/operations/).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts zod@4.6.7 ajv@8.20.0
cat >try.js <<'JS'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { z } from 'zod'

const kinds = {
  default: z.string().default('all'),
  catch: z.string().catch('all'),
  preprocess: z.preprocess((value) => value ?? 'all', z.string()),
}
const ajv = new Ajv2020()
const seen = Object.entries(kinds).map(([kind, scope]) => {
  const schema = z.object({ scope })
  const shown = z.toJSONSchema(schema, { io: 'input' })
  return `${kind}: zod ${schema.safeParse({}).success}, JSON Schema ${ajv.validate(shown, {})}`
})
for (const line of seen) console.log(line)
const expected = ['default: zod true, JSON Schema true', 'catch: zod true, JSON Schema false', 'preprocess: zod true, JSON Schema false']
const isAsDescribed = seen.join() === expected.join()
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
