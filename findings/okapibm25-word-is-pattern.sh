#!/usr/bin/env bash
# okapibm25 1.4.1. Expected: a keyword is a word of the texts, in whatever case: "cat" does not rank "concatenate", and "c++" is a word.
# Seen: a keyword is made into a regular expression and counted wherever it matches. "cat" ranks "concatenate it" above "the cat sat" and
# not "CAT"; "app.ts" ranks "appxts" as high; "c++" is an error: "Invalid regular expression: /c++/g: Nothing to repeat".
# For a memory: a question with a plus, a bracket or a dot is answered by an error or by other texts.
# Here: not used; both databases rank by themselves.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts okapibm25@1.4.1
cat >try.js <<'JS'
import okapi from 'okapibm25'

const rank = okapi.default ?? okapi
const found = (texts, word) => {
  try {
    const points = rank(texts, [word])
    return texts.filter((_, i) => points[i] > 0).toSorted((a, b) => points[texts.indexOf(b)] - points[texts.indexOf(a)])
  } catch (error) {
    return error.message
  }
}
const seen = {
  cat: found(['the cat sat', 'concatenate it', 'CAT'], 'cat'),
  'app.ts': found(['edit app.ts', 'edit appxts', 'other'], 'app.ts').toSorted(),
  'c++': found(['the c++ server'], 'c++'),
}
console.log(JSON.stringify(seen))
const expected = {
  cat: ['concatenate it', 'the cat sat'],
  'app.ts': ['edit app.ts', 'edit appxts'],
  'c++': 'Invalid regular expression: /c++/g: Nothing to repeat',
}
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
