#!/usr/bin/env bash
# minisearch 7.2.0. Expected: words are parted at spaces and punctuation, as its README says, so what stands in backticks, between pipes
# or beside an equals sign is found as a word.
# https://github.com/lucaong/minisearch#tokenization
# Seen: Unicode counts ` = | < > + ~ $ ^ among the symbols, so each stays a part of its word: `deploy` in backticks is found neither
# by deploy nor by a prefix of it, "ttl=30" not by ttl alone, and "read|write" by neither. The other marks part words.
# For a memory: notes are Markdown, and the names in it, which are what is looked for, stand in backticks.
# Here: not used; words are parted by our own code (src/domain/words/tokens.ts).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts minisearch@7.2.0
cat >try.js <<'JS'
import MiniSearch from 'minisearch'

const texts = ['run "deploy" first', 'run `deploy` first', 'set ttl:30 here', 'set ttl=30 here', 'read/write', 'read|write', 'Promise<void>']
const words = ['deploy', 'deploy', 'ttl', 'ttl', 'write', 'write', 'void']
const seen = texts.map((text, id) => {
  const index = new MiniSearch({ fields: ['text'] })
  index.add({ id, text })
  return ['search', 'prefix'].map((kind) => index.search(words[id], { prefix: kind === 'prefix' }).length).join('/')
})
for (const [id, text] of texts.entries()) console.log(`${words[id]} in ${text}: ${seen[id]}`)
const isAsDescribed = seen.join() === '1/1,0/0,1/1,0/1,1/1,0/0,0/0'
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
