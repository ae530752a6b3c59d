#!/usr/bin/env bash
# yaml 2.9.1. Expected: a key that toJS() gives is the key by which get(), setIn() and deleteIn() of the same document reach the value.
# https://eemeli.org/yaml/#collections
# Seen: a key that looks like a number, as `200` among the responses of an OpenAPI document or a year, is reached by the number
# alone, though toJS() has the text. setIn(['responses', '200', …]) makes a second "200" beside the first; neither is an error, and
# whoever reads the file sees only the new one: what the first held is gone. deleteIn says false and deletes nothing.
# For a memory: an edit of one field empties the rest of the note that it belongs to.
# Here: front matter is written as a whole, from our own names (src/services/transfer/yaml.ts).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts yaml@2.9.1
cat >try.js <<'JS'
import { parse, parseDocument } from 'yaml'

const text = 'responses:\n  200:\n    description: old\n    headers: [ ETag ]\n'
const document = parseDocument(text)
const [key] = Object.keys(document.toJS().responses)
const isFound = document.hasIn(['responses', key])
const isDeleted = parseDocument(text).deleteIn(['responses', key])
document.setIn(['responses', key, 'description'], 'new')
const seen = { isFound, isDeleted, written: document.toString(), read: parse(document.toString()) }
console.log(seen.written, seen.read)
const expected = {
  isFound: false,
  isDeleted: false,
  written: `${text}  "200":\n    description: new\n`,
  read: { responses: { 200: { description: 'new' } } },
}
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
