#!/usr/bin/env bash
# llm-chunk 0.0.1, with the settings that Genkit's guide to retrieval has for it and with its own. Expected: a chunk is a piece of the text
# that it was cut from, or several with what stood between them; a word of the text is a word of its chunks.
# https://www.npmjs.com/package/llm-chunk
# Seen: with `splitter: 'sentence'` each dot ends a sentence, and what is put together again gets a space there: "v1.5 of app.ts" is
# "v1. 5 of app. ts" within one chunk. With `splitter: 'paragraph'`, the default, the first two paragraphs of a chunk are joined with
# nothing between them: "tabs" and "Never spaces" are "tabsNever spaces".
# For a memory: no file, version or address of a note is found by its name, and a model is told one that there is not.
# Here: not used; a text is kept as it was written, and what is searched is found in it (src/domain/words/tokens.ts).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts llm-chunk@0.0.1
cat >try.js <<'JS'
import llmChunk from 'llm-chunk'

const guide = { minLength: 1000, maxLength: 2000, splitter: 'sentence', overlap: 100, delimiters: '' }
const seen = {
  sentence: llmChunk.chunk('See v1.5 of app.ts at 10.0.0.1. It listens.', guide),
  paragraph: llmChunk.chunk('Use tabs\n\nNever spaces\n\nOne blank line', { ...guide, splitter: 'paragraph' }),
  ofItself: llmChunk.chunk('Use tabs\n\nNever spaces\n\nOne blank line'),
}
console.log(JSON.stringify(seen, null, 1))
const expected = {
  sentence: ['See v1. 5 of app. ts at 10. 0. 0. 1. It listens. '],
  paragraph: ['Use tabsNever spaces One blank line'],
  ofItself: ['Use tabsNever spaces', 'One blank line'],
}
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
