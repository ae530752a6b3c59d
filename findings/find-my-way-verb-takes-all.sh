#!/usr/bin/env bash
# find-my-way 9.10.2 (the router of Fastify and restify). Expected: `::` is a colon as it stands, so POST /entries/:id::undo is the verb
# `undo` of one entry, and POST /entries/7 is another route.
# https://github.com/delvedor/find-my-way#supported-path-formats
# Seen: behind a parameter the two colons are part of its name. The route takes every POST /entries/…, with the parameter "id::undo" and no
# `id`; beside /entries/:id it is refused as declared already. With a pattern, `:id(^\\d+$)::undo`, it means what it should.
# For a memory: a POST of an entry undoes its last change.
# Here: hono serves HTTP, and no route of REST has a verb behind a colon.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts find-my-way@9.10.2
cat >try.js <<'JS'
import findMyWay from 'find-my-way'

function routed(route, ...urls) {
  const router = findMyWay()
  router.on('POST', route, () => {})
  return urls.map((url) => JSON.stringify(router.find('POST', url)?.params ?? null)).join(' ')
}
const seen = {
  plain: routed('/entries::undo', '/entries:undo', '/entries'),
  parameter: routed('/entries/:id::undo', '/entries/7:undo', '/entries/7'),
  pattern: routed('/entries/:id(^\\d+$)::undo', '/entries/7:undo', '/entries/7'),
}
console.log(JSON.stringify(seen, null, 1))
const expected = {
  plain: '{} null',
  parameter: '{"id::undo":"7:undo"} {"id::undo":"7"}',
  pattern: '{"id":"7"} null',
}
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
