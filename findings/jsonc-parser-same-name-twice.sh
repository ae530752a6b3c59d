#!/usr/bin/env bash
# jsonc-parser 3.3.1. Expected: modify() sets the value that parse() of the same library then gives.
# Seen: where a name stands twice in an object (JSON allows it, and settings that people edit have it), parse() and JSON.parse take the
# last, modify() changes the first: the edit is made and has no effect. Removing the name leaves the last in force.
# Here: setup names a name that stands twice and changes nothing (src/transports/cli/setup/editing/edit-json.ts).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts jsonc-parser@3.3.1
cat >try.js <<'JS'
import { applyEdits, modify, parse } from 'jsonc-parser'

const text = '{ "port": 1, "host": "a", "port": 2 }'
const edited = (value) => applyEdits(text, modify(text, ['port'], value, {}))
const seen = { before: parse(text).port, set: parse(edited(3)).port, removed: parse(edited(undefined)).port }
console.log(edited(3))
console.log(JSON.stringify(seen))
const isAsDescribed = JSON.stringify(seen) === JSON.stringify({ before: 2, set: 2, removed: 2 })
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
