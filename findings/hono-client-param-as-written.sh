#!/usr/bin/env bash
# hono 4.13.19, its client `hc`. Expected: what is given as `param` is one segment of the path, whatever it holds, as what is given as
# `query` is one value of the query.
# https://hono.dev/docs/guides/rpc#path-parameters
# Seen: it is put into the path as it is. "note#2" is the entry "note", also to DELETE; "note?2" too, with a query of its own; "50%25" is
# "50%"; a slash is another route. A value that is the name of a later parameter with its colon is taken for that, and the two change places.
# For a memory: a delete of the entry "note#2" removes the entry "note", and is answered with 200.
# Here: hono serves HTTP and is no client; the page's client encodes each segment (src/page/client/rest.ts).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts hono@4.13.19
cat >try.js <<'JS'
import { Hono } from 'hono'
import { hc } from 'hono/client'

const app = new Hono()
  .delete('/entries/:id', (c) => c.json(c.req.param('id')))
  .get('/:scope/entries/:scopeId', (c) => c.json(c.req.param()))
const client = hc('http://localhost', { fetch: (url, init) => app.request(url, init) })
const seen = {}
for (const id of ['note', 'note 2', 'note#2', 'note?2', '50%25', 'src/note']) {
  const response = await client.entries[':id'].$delete({ param: { id } })
  seen[id] = response.ok ? await response.json() : response.status
}
const two = await client[':scope'].entries[':scopeId'].$get({ param: { scope: ':scopeId', scopeId: '7' } })
seen.two = await two.json()
console.log(JSON.stringify(seen, null, 1))
const expected = {
  note: 'note',
  'note 2': 'note 2',
  'note#2': 'note',
  'note?2': 'note',
  '50%25': '50%',
  'src/note': 404,
  two: { scopeId: ':scopeId', scope: '7' },
}
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
