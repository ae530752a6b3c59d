#!/usr/bin/env bash
# express 5.3.0 with `query parser` set to "extended" (qs 6). Expected: ?tag=a&tag=b… is a list, of however many.
# Seen: of 2 to 20 it is a list, of 21 and more an object with the keys "0" to "20", so `tags.map` and `tags.length` are not there and
# `for (const tag of tags)` is an error. The "simple" parser and a form of the same text in the body, which is read by the same package
# with another limit, give a list.
# For a memory: what filters by twenty tags fails with the next one.
# Here: not used; hono gives a list of any length.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts express@5.3.0
cat >try.js <<'JS'
import express from 'express'

const kind = (value) => (Array.isArray(value) ? `list of ${value.length}` : typeof value)
const open = async (parser) => {
  const app = express().set('query parser', parser).use(express.urlencoded({ extended: true }))
  app.get('/', (request, response) => response.send(kind(request.query.tag)))
  app.post('/', (request, response) => response.send(kind(request.body.tag)))
  const server = app.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  return server
}
const seen = []
for (const parser of ['extended', 'simple']) {
  const server = await open(parser)
  const address = `http://127.0.0.1:${server.address().port}/`
  for (const count of [2, 20, 21]) {
    const tags = new URLSearchParams(Array.from({ length: count }, (_, i) => ['tag', `${i}`]))
    const asked = await (await fetch(`${address}?${tags}`)).text()
    const posted = await (await fetch(address, { method: 'POST', body: tags })).text()
    seen.push(`${parser}: ${asked}, in a form ${posted}`)
    console.log(seen.at(-1))
  }
  server.close()
  server.closeAllConnections()
}
const expected = ['extended', 'simple'].flatMap((parser) =>
  [2, 20, 21].map((count) => `${parser}: ${parser === 'extended' && count === 21 ? 'object' : `list of ${count}`}, in a form list of ${count}`),
)
const isAsDescribed = seen.join() === expected.join()
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
