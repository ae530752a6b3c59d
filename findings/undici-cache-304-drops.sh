#!/usr/bin/env bash
# undici 8.13.1, `interceptors.cache()`. Expected: a 304 freshens the stored answer: its header fields replace the stored ones, and it may be
# used for as long as they say.
# https://www.rfc-editor.org/rfc/rfc9111#section-4.3.4
# Seen: a 304 that has a cache-control, which a server has to repeat there (RFC 9110, 15.4.5), takes the stored answer out of the cache:
# the caller still gets it, and the next request asks for all of it anew. `max-age=60` in the 304 has no effect. Without cache-control
# the answer stays, and each request after it is a 304.
# For a memory: every second reading of what has not changed sends it in full.
# Here: a reading is answered with an ETag (src/transports/http/rest/answers.ts); our own clients store no answers.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true,"allowScripts":{"node":true}}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts undici@8.13.1
npm install --silent --no-audit --no-fund --ignore-scripts=false node@24.21.0
cat >try.js <<'JS'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { Agent, interceptors, request } from 'undici'

/** What the server answers to five readings, one after the other, where it says `first` with a 200 and `later` with a 304. */
async function statuses(first, later) {
  const seen = []
  const server = createServer((incoming, response) => {
    const isSame = incoming.headers['if-none-match'] === '"1"'
    seen.push(isSame ? 304 : 200)
    response.writeHead(isSame ? 304 : 200, { etag: '"1"', ...(isSame ? later : first) }).end(isSame ? undefined : 'entry')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const dispatcher = new Agent().compose(interceptors.cache())
  for (let i = 0; i < 5; i++) {
    const { body } = await request(`http://127.0.0.1:${server.address().port}`, { dispatcher })
    if ((await body.text()) !== 'entry') seen.push('another text')
  }
  await dispatcher.close()
  server.closeAllConnections()
  server.close()
  return seen.join(' ')
}
const noCache = { 'cache-control': 'no-cache' }
const seen = {
  bare: await statuses(noCache, {}),
  repeated: await statuses(noCache, noCache),
  fresh: await statuses(noCache, { 'cache-control': 'max-age=60' }),
}
console.log(JSON.stringify(seen, null, 1))
const expected = { bare: '200 304 304 304 304', repeated: '200 304 200 304 200', fresh: '200 304 200 304 200' }
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node_modules/.bin/node try.js
