#!/usr/bin/env bash
# just-diff 6.0.2 with fast-json-patch 3.1.1. Expected: the paths of jsonPatchPathConverter, which its README calls those of the JSON
# Patch standard, name the key that changed, whatever it is; the standard writes a slash in a key as ~1.
# https://www.npmjs.com/package/just-diff and https://www.rfc-editor.org/rfc/rfc6901#section-3
# Seen: keys are joined as they are. A change of the key "src/app.ts" is one of "app.ts" within "src": where there is such an object the
# patch is applied without an error and changes that, and the key that was meant stays as it was.
# For a memory: what is kept by file (locks, owners, notes) is updated in another place.
# Here: not used.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts just-diff@6.0.2 fast-json-patch@3.1.1
cat >try.js <<'JS'
import jsonPatch from 'fast-json-patch'
import { diff, jsonPatchPathConverter } from 'just-diff'

const before = { 'src/app.ts': 'free', src: { 'app.ts': 'free' } }
const after = { 'src/app.ts': 'Ada', src: { 'app.ts': 'free' } }
const results = [diff(before, after, jsonPatchPathConverter), jsonPatch.compare(before, after)].map((operations) => ({
  path: operations[0].path,
  result: jsonPatch.applyPatch(structuredClone(before), operations, true).newDocument,
}))
console.log(JSON.stringify(results, null, 1))
const expected = [
  { path: '/src/app.ts', result: { 'src/app.ts': 'free', src: { 'app.ts': 'Ada' } } },
  { path: '/src~1app.ts', result: after },
]
const isAsDescribed = JSON.stringify(results) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
