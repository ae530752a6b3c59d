#!/usr/bin/env bash
# @microsoft/fetch-event-source 2.0.1, with eventsource-parser 4.1.3 beside it. Expected: an event stream is read as EventSource reads it,
# "while retaining the familiar API": the lines of `data` are joined by a newline, an empty one too, and a comment is no event.
# https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
# Seen: as long as the text so far is empty the next line replaces it. A token that is a newline alone, which a server has to send as two
# empty lines of data, arrives as an empty text, and a leading newline is gone. A comment that keeps the connection alive arrives as
# a message with empty data, on which JSON.parse throws.
# For a memory: an answer that a model writes token by token loses its paragraphs: "Steps:\n- stop" reads "Steps:- stop".
# Here: streams are read with eventsource-parser.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts @microsoft/fetch-event-source@2.0.1 eventsource-parser@4.1.3
cat >try.js <<'JS'
import { fetchEventSource } from '@microsoft/fetch-event-source'
import { createParser } from 'eventsource-parser'

// The library is for browsers and looks for these two.
globalThis.window = globalThis
globalThis.document = { hidden: false, addEventListener() {}, removeEventListener() {} }

const lines = (token) => `${token.split('\n').map((line) => `data: ${line}\n`).join('')}\n`
const streams = {
  tokens: ['Steps:', '\n', '- stop', '\n- start'].map(lines).join(''),
  comment: ': still here\n\ndata: {"done":true}\n\n',
}
async function read(text) {
  const data = []
  await fetchEventSource('http://localhost/', {
    fetch: async () => new Response(text, { headers: { 'content-type': 'text/event-stream' } }),
    onmessage: (message) => data.push(message.data),
    openWhenHidden: true,
  })
  return data
}
function parse(text) {
  const data = []
  createParser({ onEvent: (event) => data.push(event.data) }).feed(text)
  return data
}
const seen = {}
for (const [name, text] of Object.entries(streams)) seen[name] = { fetchEventSource: await read(text), parser: parse(text) }
console.log(JSON.stringify(seen, null, 1))
const expected = {
  tokens: { fetchEventSource: ['Steps:', '', '- stop', '- start'], parser: ['Steps:', '\n', '- stop', '\n- start'] },
  comment: { fetchEventSource: ['', '{"done":true}'], parser: ['{"done":true}'] },
}
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
