#!/usr/bin/env bash
# @chonkiejs/core 0.0.11, RecursiveChunker. Expected: a chunk's startIndex and endIndex are where it stands in the text: the text cut there is
# the chunk, as it is for its TokenChunker and SentenceChunker, and the chunks one after the other are the text.
# https://github.com/chonkie-inc/chonkiejs#readme
# Seen: a line that is longer than a chunk is cut at its words, and several spaces become one. The places are counted in what is left: each
# chunk after the first columns of a table is said to be further ahead than it is, and what is cut there begins and ends within other
# words. From the next line on the places are right again. Shorter lines, indented ones too, are left as they are.
# For a memory: what is shown, cited or replaced by the place of a chunk is another piece of the text.
# Here: not used; a text is not cut, and a snippet is cut from the text itself (src/domain/words/snippet.ts).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts @chonkiejs/core@0.0.11
cat >try.js <<'JS'
import { RecursiveChunker, SentenceChunker, TokenChunker } from '@chonkiejs/core'

const text = 'redis         cache       keeps what was read a short while until it is read again\nThe list ends here.\n'
const options = { chunkSize: 40, minCharactersPerChunk: 10, chunkOverlap: 0 }
const seen = {}
for (const Chunker of [RecursiveChunker, SentenceChunker, TokenChunker]) {
  const chunks = await (await Chunker.create(options)).chunk(text)
  seen[Chunker.name] = {
    isWhole: chunks.map((chunk) => chunk.text).join('') === text,
    others: chunks
      .map((chunk) => [chunk.text, text.slice(chunk.startIndex, chunk.endIndex)])
      .filter(([chunk, cut]) => chunk !== cut),
  }
}
console.log(JSON.stringify(seen, null, 1))
const expected = {
  RecursiveChunker: {
    isWhole: false,
    others: [
      ['redis cache keeps what was read a', 'redis         cache       keeps w'],
      [' short while until it is read again\n', 'hat was read a short while until it '],
    ],
  },
  SentenceChunker: { isWhole: true, others: [] },
  TokenChunker: { isWhole: true, others: [] },
}
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
