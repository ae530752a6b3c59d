#!/usr/bin/env bash
# @google/adk 2.0.0, InMemoryMemoryService. Expected: what was said is found by any word of it.
# Seen: a word is a run of the letters A to Z. "6379" and "v2" of "v2 listens on 6379" are found by nothing or by the "v" alone; a word
# with another letter is cut at it, so "Größe" is found by "gr" and not by "größe"; a text in Russian or Greek is never found.
# For a memory: ports, versions, numbers of issues and dates are what is asked for most.
# Here: not used.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts --omit=optional --omit=peer @google/adk@2.0.0
cat >try.js <<'JS'
import { InMemoryMemoryService } from '@google/adk'

const memory = new InMemoryMemoryService()
const events = ['the server listens on 6379', 'Größe der Liste', 'сервер слушает'].map((text, i) => ({
  id: `${i}`,
  author: 'user',
  timestamp: 1,
  invocationId: 'one',
  actions: {},
  content: { role: 'user', parts: [{ text }] },
}))
await memory.addSessionToMemory({ appName: 'app', userId: 'user', id: 'session', state: {}, events, lastUpdateTime: 1 })
const found = async (query) => {
  const { memories } = await memory.searchMemory({ appName: 'app', userId: 'user', query })
  return memories.map(({ content }) => content.parts[0].text).join(', ')
}
const queries = ['server', '6379', 'Liste', 'Größe', 'gr', 'сервер']
const seen = []
for (const query of queries) seen.push(await found(query))
for (const [i, texts] of seen.entries()) console.log(`${queries[i]}: ${texts || 'nothing'}`)
const expected = ['the server listens on 6379', '', 'Größe der Liste', '', 'Größe der Liste', '']
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
