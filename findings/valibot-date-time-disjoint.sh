#!/usr/bin/env bash
# valibot 1.5.0 and @valibot/to-json-schema 1.8.0, checked with ajv 8.20.0 and ajv-formats 3.0.1. Expected: a text that a schema takes
# is taken by the JSON Schema made of it; the README's table of actions has a tick and no remark at isoDateTime and isoTime.
# Seen: valibot's isoDateTime is a date and a time without seconds and without a zone ("2026-11-29T10:00"); it becomes the format
# `date-time`, which has to have both. No text is taken by both sides: a client that keeps to the schema is always refused, and
# what the server takes no client sends. isoTime ("10:00") and `time` are apart in the same way; isoTimestamp and isoDate agree.
# For a memory: a tool with a time in its input cannot be called by any client that checks what it sends.
# Here: not used; the schemas are zod's, and a time is a text with a zone (src/domain/).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts valibot@1.5.0 @valibot/to-json-schema@1.8.0 ajv@8.20.0 ajv-formats@3.0.1
cat >try.js <<'JS'
import { toJsonSchema } from '@valibot/to-json-schema'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import * as v from 'valibot'

const ajv = new Ajv()
addFormats(ajv)
const texts = [
  '2026-11-29T10:00',
  '2026-11-29T10:00:00',
  '2026-11-29T10:00Z',
  '2026-11-29T10:00:00Z',
  '2026-11-29T10:00:00.000+01:00',
  '10:00',
  '10:00:00',
  '10:00:00Z',
  '2026-11-29',
]
function takenBy(action) {
  const schema = v.pipe(v.string(), action)
  const check = ajv.compile(toJsonSchema(schema))
  return {
    valibot: texts.filter((text) => v.is(schema, text)),
    schema: texts.filter((text) => check(text)),
  }
}
const seen = {
  isoDateTime: takenBy(v.isoDateTime()),
  isoTime: takenBy(v.isoTime()),
  isoTimestamp: takenBy(v.isoTimestamp()),
}
console.log(JSON.stringify(seen, null, 1))
const zoned = ['2026-11-29T10:00:00Z', '2026-11-29T10:00:00.000+01:00']
const expected = {
  isoDateTime: { valibot: ['2026-11-29T10:00'], schema: zoned },
  isoTime: { valibot: ['10:00'], schema: ['10:00:00Z'] },
  isoTimestamp: { valibot: zoned, schema: zoned },
}
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
