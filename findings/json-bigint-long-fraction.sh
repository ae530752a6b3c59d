#!/usr/bin/env bash
# json-bigint 1.0.0. Expected: integers beyond the safe ones become BigNumber or BigInt; fractions are numbers, as JSON.parse reads them.
# Seen: what decides is the count of the signs. A fraction of more than 15 is an object of BigNumber too, so most of what JSON.stringify
# writes of a vector is read as objects beside numbers, whose sum is a text; with `useNativeBigInt` one such fraction is an error:
# "Cannot convert 0.12345678901234567 to a BigInt".
# For a memory: an embedding that was written as JSON is not read back as one.
# Here: not used.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts json-bigint@1.0.0
cat >try.js <<'JS'
import json from 'json-bigint'

const vector = Array.from({ length: 100 }, (_, i) => Math.sin(i + 1))
const parsed = json.parse(JSON.stringify(vector))
const native = json({ useNativeBigInt: true })
const tried = (text) => {
  try {
    return typeof native.parse(text)
  } catch (error) {
    return error.message
  }
}
const seen = {
  objects: parsed.filter((value) => typeof value !== 'number').length > 90,
  mixed: json.parse('[0.5, 0.12345678901234567]').map((value) => typeof value),
  native: [tried('9007199254740993'), tried('0.12345'), tried('0.12345678901234567')],
}
console.log(JSON.stringify(seen))
const expected = {
  objects: true,
  mixed: ['number', 'object'],
  native: ['bigint', 'number', 'Cannot convert 0.12345678901234567 to a BigInt'],
}
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
