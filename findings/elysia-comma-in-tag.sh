#!/usr/bin/env bash
# elysia 1.4.30. Expected: a comma that is escaped in a query belongs to the value: `tags=a%2Cb` is the one tag "a,b", while `tags=a,b` may
# be two. And a text that is given twice is a list or is refused.
# Seen: the value is decoded first and then cut, so a list of one tag with a comma is two tags, and there is no way to send it in a list;
# of a text that is given twice the last is taken.
# For a memory: a tag like "Berlin, Mitte" is never found by a filter.
# Here: not used.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts elysia@1.4.30
cat >try.js <<'JS'
import { Elysia, t } from 'elysia'

const query = t.Object({ tags: t.Optional(t.Array(t.String())), name: t.Optional(t.String()) })
const app = new Elysia().get('/find', ({ query }) => query, { query })
const asked = async (text) => (await app.handle(new Request(`http://localhost/find?${text}`))).text()
const queries = [new URLSearchParams({ tags: 'Berlin, Mitte' }), 'tags=a%2Cb&tags=c', 'tags=a&tags=b', 'name=a%2Cb', 'name=a&name=b']
const seen = []
for (const text of queries) seen.push(await asked(text))
for (const [i, read] of seen.entries()) console.log(`${queries[i]}: ${read}`)
const expected = ['{"tags":["Berlin"," Mitte"]}', '{"tags":["a","b","c"]}', '{"tags":["a","b"]}', '{"name":"a,b"}', '{"name":"b"}']
const isAsDescribed = seen.join() === expected.join()
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
