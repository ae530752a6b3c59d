#!/usr/bin/env bash
# openapi-fetch 0.17.0. Expected: a Date in a query is sent as a text, as JSON has it, or refused.
# Seen: the parameter is left out without a word: a list that was to be of what changed `since` a day is a list of everything. A null in a
# list leaves an empty piece, "a=1&".
# Here: not used; the SDK of the project takes times as texts (src/sdk/).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts openapi-fetch@0.17.0
cat >try.js <<'JS'
import { once } from 'node:events'
import { createServer } from 'node:http'
import createClient from 'openapi-fetch'

const server = createServer(({ url }, response) => {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(url))
}).listen(0, '127.0.0.1')
await once(server, 'listening')
const client = createClient({ baseUrl: `http://127.0.0.1:${server.address().port}` })
const asked = async (query) => (await client.GET('/entries', { params: { query } })).data
const since = new Date('2026-01-02T03:04:05Z')
const seen = { date: await asked({ since }), text: await asked({ since: since.toISOString() }), list: await asked({ a: [1, null] }) }
server.closeAllConnections()
server.close()
console.log(JSON.stringify(seen, null, 1))
const isAsDescribed = seen.date === '/entries' && /since=2026-01-02T03/.test(seen.text) && seen.list === '/entries?a=1&'
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
