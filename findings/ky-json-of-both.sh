#!/usr/bin/env bash
# ky 2.1.0. Expected: `json` of a call is what is sent, as fetch sends the `body` that it is given; where an instance has a `json` of its
# own, that of the call replaces it.
# Seen: the two are merged into one body: the list of the call is appended to the list of the instance, and a property of the call does
# not take out one of the instance. With `body` in the call the instance's `json` is sent and the body is dropped without a word.
# For a memory: an instance that says who writes, and with which tags, adds its tags to every entry and overrides a body made elsewhere.
# Here: not used; the SDK calls fetch (`agent-memory`, docs/guides/sdk.md).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts ky@2.1.0
cat >try.js <<'JS'
import ky from 'ky'

const fetch = async (request) => Response.json(await request.text())
const url = 'http://localhost/entries'
const json = (instance, call) => ky.extend({ fetch, ...instance }).post(url, call).json()
const seen = {
  alone: await json({}, { json: { tags: ['ui'] } }),
  both: await json({ json: { agent: 'ada', tags: ['draft'] } }, { json: { tags: ['ui'] } }),
  body: await json({ json: { agent: 'ada' } }, { body: '{"tags":["ui"]}' }),
  array: await json({ json: ['draft'] }, { json: ['ui'] }),
}
console.log(JSON.stringify(seen, null, 1))
const expected = {
  alone: '{"tags":["ui"]}',
  both: '{"agent":"ada","tags":["draft","ui"]}',
  body: '{"agent":"ada"}',
  array: '["draft","ui"]',
}
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
