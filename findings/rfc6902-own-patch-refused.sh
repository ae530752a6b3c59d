#!/usr/bin/env bash
# rfc6902 5.4.0. Expected: a patch that createPatch has made turns the first value into the second with applyPatch; RFC 6902 lets the path be
# empty for the whole document.
# https://www.rfc-editor.org/rfc/rfc6902#section-4.3
# Seen: where the whole value changes its kind (an object to a list, anything to a text) the patch is one `replace` with the path "", and
# applyPatch does not take it. Nothing is thrown: the error stands in the list of results, and the value is as it was. Two Maps or two Dates
# with other contents have no difference.
# For a memory: a value that has become a list is sent as a patch, is not applied, and nobody is told but who looks into the results.
# Here: not used; what has changed is sent as a whole, with its version.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts rfc6902@5.4.0
cat >try.js <<'JS'
import { applyPatch, createPatch } from 'rfc6902'

const changed = (from, to) => {
  const document = structuredClone(from)
  const patch = createPatch(from, to)
  const [error] = applyPatch(document, patch)
  return `${JSON.stringify(patch)} ${error?.name ?? null} ${JSON.stringify(document)}`
}
const seen = {
  'a value within': changed({ tags: 'a' }, { tags: ['a'] }),
  'the whole': changed({ tags: 'a' }, ['a']),
  'a Date': createPatch({ at: new Date(1) }, { at: new Date(2) }).length,
  'a Map': createPatch({ of: new Map([['a', 1]]) }, { of: new Map() }).length,
}
console.log(JSON.stringify(seen, null, 1))
const expected = {
  'a value within': '[{"op":"replace","path":"/tags","value":["a"]}] null {"tags":["a"]}',
  'the whole': '[{"op":"replace","path":"","value":["a"]}] MissingError {"tags":"a"}',
  'a Date': 0,
  'a Map': 0,
}
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
