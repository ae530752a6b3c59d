#!/usr/bin/env bash
# @langchain/core 1.4.0. Expected: JsonOutputParser reads an answer that is JSON, bare or in the fence that its instructions ask a model
# for, whatever its texts hold; XMLOutputParser reads what is XML.
# https://www.npmjs.com/package/@langchain/core
# Seen: an answer is cut at the first three backticks wherever they stand. So JSON in which a text has a block of code is refused, bare
# and in a fence; StructuredOutputParser takes it bare and refuses it in a fence. XMLOutputParser drops a CDATA section and all text
# beside an element, NumberedListOutputParser all lines of an item but its first, and it takes "2. items" within a line for an item.
# For a memory: of the notes that a model was asked to write, those with code are lost.
# Here: not used.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts @langchain/core@1.4.0 zod@4.6.7
cat >try.js <<'JS'
import { JsonOutputParser, NumberedListOutputParser, StructuredOutputParser, XMLOutputParser } from '@langchain/core/output_parsers'
import { z } from 'zod'

const fence = '```'
const inFence = (text) => `${fence}json\n${text}\n${fence}`
const plain = JSON.stringify({ note: 'run npm test' })
const code = JSON.stringify({ note: `run\n${fence}sh\nnpm test\n${fence}` })
async function read(parser, text) {
  try {
    return JSON.stringify(await parser.parse(text))
  } catch (error) {
    return error.name === 'SyntaxError' || /Failed to parse/.test(error.message) ? 'refused' : error.message
  }
}
const json = new JsonOutputParser()
const structured = StructuredOutputParser.fromZodSchema(z.object({ note: z.string() }))
const seen = {
  json: [await read(json, plain), await read(json, inFence(plain))],
  jsonWithCode: [await read(json, code), await read(json, inFence(code))],
  structuredWithCode: [await read(structured, code), await read(structured, inFence(code))],
  xml: [
    await read(new XMLOutputParser(), '<note>a &lt; b</note>'),
    await read(new XMLOutputParser(), '<note><![CDATA[a < b]]></note>'),
    await read(new XMLOutputParser(), '<note>use <b>tabs</b> here</note>'),
  ],
  list: await read(new NumberedListOutputParser(), 'Here are 2. items:\n1. use tabs\n   in Go\n2. ask'),
}
console.log(JSON.stringify(seen, null, 1))
const expected = {
  json: [plain, plain],
  jsonWithCode: ['refused', 'refused'],
  structuredWithCode: [code, 'refused'],
  xml: ['{"note":"a < b"}', '{"note":""}', '{"note":[{"b":"tabs"}]}'],
  list: '["items:","use tabs","ask"]',
}
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
