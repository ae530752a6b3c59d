#!/usr/bin/env bash
# @modelcontextprotocol/server 2.4.0 with zod 4.6.7. Expected: an argument of a prompt that is `completable()` is completed, whatever
# else is then said of its schema; `.optional()` keeps it so.
# Seen: with `.describe()` or `.default()` after it the completion is gone without a word: the server says no `completions` capability,
# and the client gets "Method not found". The same words before `completable()` work.
# Here: no prompt has a completion.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts @modelcontextprotocol/server@2.4.0 @modelcontextprotocol/client@2.4.0 zod@4.6.7
cat >try.js <<'JS'
import { Client, InMemoryTransport } from '@modelcontextprotocol/client'
import { completable, McpServer } from '@modelcontextprotocol/server'
import { z } from 'zod'

const values = () => ['project', 'global']
const kinds = {
  plain: completable(z.string(), values),
  optional: completable(z.string(), values).optional(),
  describedBefore: completable(z.string().describe('a scope'), values),
  describedAfter: completable(z.string(), values).describe('a scope'),
  defaultAfter: completable(z.string(), values).default('project'),
}
async function completed(scope) {
  const server = new McpServer({ name: 's', version: '1' })
  server.registerPrompt('start', { argsSchema: z.object({ scope }) }, () => ({ messages: [] }))
  const client = new Client({ name: 'c', version: '1' })
  const [one, other] = InMemoryTransport.createLinkedPair()
  await server.connect(one)
  await client.connect(other)
  const call = client.complete({ ref: { type: 'ref/prompt', name: 'start' }, argument: { name: 'scope', value: '' } })
  return call.then(({ completion }) => completion.values.join(), (error) => error.message)
}
const seen = {}
for (const [kind, schema] of Object.entries(kinds)) seen[kind] = await completed(schema)
console.log(JSON.stringify(seen, null, 1))
const isAsDescribed =
  [seen.plain, seen.optional, seen.describedBefore].every((text) => text === 'project,global') &&
  [seen.describedAfter, seen.defaultAfter].every((text) => /Method not found/.test(text))
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
