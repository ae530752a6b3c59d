#!/usr/bin/env bash
# eventsource 4.1.1 and eventsource-client 1.2.0, beside undici 6.29.1. Expected: an id that a stream sends is where it goes on after a break, also
# when it comes alone; an event without one has the last id that there was, "lastEventId".
# https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
# Seen: an id without data (`id: 7` and an empty line, as a server sends to say how far it has looked) is dropped: after a break both ask
# for what came after the last event with data. An event without an id has the lastEventId "", though the next request has the right
# one. undici's EventSource does as the standard says.
# For a memory: a reader of a long stream that had nothing for it starts from where it was hours ago, or is told that this is too old.
# Here: the SDK reads an id that comes alone from the stream itself (src/sdk/events.ts).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts eventsource@4.1.1 eventsource-client@1.2.0 undici@6.29.1
cat >try.js <<'JS'
import { createServer } from 'node:http'
import { EventSource } from 'eventsource'
import { createEventSource } from 'eventsource-client'
import { EventSource as OfUndici } from 'undici'

const stream = 'retry: 10\nid: 1\ndata: first\n\ndata: second\n\nid: 7\n\n'
let asked
const server = createServer((request, response) => {
  asked.push(request.headers['last-event-id'] ?? 'none')
  // The second request is answered with the end of it all.
  if (asked.length > 1) return response.writeHead(204).end()
  response.writeHead(200, { 'content-type': 'text/event-stream' }).end(stream)
})
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
const url = `http://127.0.0.1:${server.address().port}/`
async function reading(open) {
  asked = []
  const ids = []
  const source = open((id) => ids.push(id ?? ''))
  while (asked.length < 2) await new Promise((resolve) => setTimeout(resolve, 10))
  source.close()
  return { ids, asked }
}
const standard = (Source) => (seen) => Object.assign(new Source(url), { onmessage: ({ lastEventId }) => seen(lastEventId) })
const seen = {
  eventsource: await reading(standard(EventSource)),
  'eventsource-client': await reading((seen) => createEventSource({ url, onMessage: ({ id }) => seen(id) })),
  undici: await reading(standard(OfUndici)),
}
server.close()
server.closeAllConnections()
console.log(JSON.stringify(seen, null, 1))
const forgotten = { ids: ['1', ''], asked: ['none', '1'] }
const expected = { eventsource: forgotten, 'eventsource-client': forgotten, undici: { ids: ['1', '1'], asked: ['none', '7'] } }
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
