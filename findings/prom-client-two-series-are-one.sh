#!/usr/bin/env bash
# prom-client 15.1.3. Expected: two sets of labels that differ are two series, whatever the values hold; the text format quotes and escapes
# them.
# https://github.com/siimon/prom-client#labels
# Seen: a series is kept under its labels joined with `:` and `,` as they are, so that a value with `,name:` in it is the same as two labels:
# the second one is counted for the first, and is never shown. Where a label is left out, one value is enough.
# For a memory: calls of one topic or route are counted as those of another, if a label is ever made of what a user has typed.
# Here: labels are names of operations, errors, events and levels (src/transports/http/metrics.ts), never texts of others.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts prom-client@15.1.3
cat >try.js <<'JS'
import { Counter, Registry } from 'prom-client'

async function series(...all) {
  const registers = [new Registry()]
  const counter = new Counter({ name: 'calls', help: 'c', labelNames: ['query', 'tool'], registers })
  for (const labels of all) counter.inc(labels)
  const text = await registers[0].metrics()
  return text.split('\n').filter((line) => line.startsWith('calls{'))
}
const seen = {
  plain: await series({ query: 'a', tool: 'list' }, { query: 'b', tool: 'list' }),
  bothLabels: await series({ query: 'a,tool:b', tool: 'c' }, { query: 'a', tool: 'b,tool:c' }),
  oneLeftOut: await series({ query: 'a,tool:list' }, { query: 'a', tool: 'list' }),
}
console.log(JSON.stringify(seen, null, 1))
const expected = {
  plain: ['calls{query="a",tool="list"} 1', 'calls{query="b",tool="list"} 1'],
  bothLabels: ['calls{query="a,tool:b",tool="c"} 2'],
  oneLeftOut: ['calls{query="a,tool:list"} 2'],
}
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
