#!/usr/bin/env bash
# keyword-extractor 0.3.0. Expected: keywords are words of the text, so that a text is found by them.
# Seen: dots are taken out of the words, so "app.ts" is "appts" and "v1.10" is "v110", which is in no text; "New York" is "York", since
# "new" is a stop word, also where words are to be chained, and "Node.js" is "Nodejs".
# For a memory: entries are filed under words by which they cannot be searched, and two versions may be one.
# Here: not used.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts keyword-extractor@0.3.0
cat >try.js <<'JS'
import extractor from 'keyword-extractor'

const words = (text, more) => extractor.extract(text, { language: 'english', return_changed_case: false, ...more }).join(' ')
const seen = [
  words('Deploy app.ts with Node.js as v1.10'),
  words('Version v1.10 and v11.0'),
  words('The office of New York'),
  words('The office of New York', { return_chained_words: true }),
]
for (const text of seen) console.log(text)
const isAsDescribed = seen.join('|') === 'Deploy appts Nodejs v110|Version v110 v110|office York|office York'
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
