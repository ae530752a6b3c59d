#!/usr/bin/env bash
# cloudevents 10.0.0, the SDK of the CloudEvents project. Expected: an event that HTTP.structured() or HTTP.binary() writes and that is
# sent over HTTP is read by HTTP.toEvent() with the same data; the JSON format says of `data` that it is any JSON value, and a binary
# body is what its content type says.
# https://github.com/cloudevents/spec/blob/main/cloudevents/formats/json-format.md#31-handling-of-data
# Seen: structured, an event whose data is false, 0, null or an empty text has no data when it is read, though the body has it; true and
# 5 are there. Binary, each of them is a text, "false" and "5", though the type is application/json: only what begins like an object or
# a list is parsed. And an object of a type like application/vnd.notes+json is a text there, which structured is an object.
# For a memory: an event that says that a setting was switched off says nothing, or something that is true.
# Here: not used; an event's fields are those of its own schema (src/domain/event.ts).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts cloudevents@10.0.0
cat >try.js <<'JS'
import { createServer } from 'node:http'
import { CloudEvent, HTTP } from 'cloudevents'

const server = createServer(async (request, response) => {
  let body = ''
  for await (const chunk of request) body += chunk
  const { data } = HTTP.toEvent({ headers: request.headers, body })
  response.end(JSON.stringify({ data: data === undefined ? 'nothing' : data }))
})
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
const url = `http://127.0.0.1:${server.address().port}`
async function sent(mode, data, datacontenttype = 'application/json') {
  const event = new CloudEvent({ type: 'setting.changed', source: '/memory', data, datacontenttype })
  const { headers, body } = HTTP[mode](event)
  const response = await fetch(url, { method: 'POST', headers, body })
  return (await response.json()).data
}
const seen = []
for (const value of [[{ on: true }], [true], [5], [false], [0], [null], ['', 'text/plain'], [{ on: true }, 'application/vnd.notes+json']]) {
  seen.push([value[0], await sent('structured', ...value), await sent('binary', ...value)])
}
server.close()
for (const row of seen) console.log(row.map((each) => JSON.stringify(each).padEnd(16)).join(''))
const on = { on: true }
const expected = [
  [on, on, on],
  [true, true, 'true'],
  [5, 5, '5'],
  [false, 'nothing', 'false'],
  [0, 'nothing', '0'],
  [null, 'nothing', 'null'],
  ['', 'nothing', ''],
  [on, on, '{"on":true}'],
]
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
