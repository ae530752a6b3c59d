#!/usr/bin/env bash
# natural 8.1.1. Expected: SentenceTokenizer parts a text where a sentence ends: a full stop with a space or the end after it.
# Seen: "See src/app.ts for it." and "Version v1.5 is out." are cut inside the name and the number, so a text that is stored in pieces
# has pieces like "ts for it."; "Use Node 22.16 or later." stays whole.
# Here: not used.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts natural@8.1.1
cat >try.js <<'JS'
import natural from 'natural'

const texts = ['See src/app.ts for it. Done.', 'Version v1.5 is out. Wait.', 'Use Node 22.16 or later. Then build.']
const tokenizer = new natural.SentenceTokenizer([])
const seen = texts.map((text) => tokenizer.tokenize(text))
for (const sentences of seen) console.log(JSON.stringify(sentences))
const expected = [
  ['See src/app.', 'ts for it.', 'Done.'],
  ['Version v1.', '5 is out.', 'Wait.'],
  ['Use Node 22.16 or later.', 'Then build.'],
]
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
