#!/usr/bin/env bash
# @msgpack/msgpack 3.1.3 with msgpackr 2.1.4, and cborg 6.1.5 with cbor-x 1.6.9. Expected: what one library writes in a format that is
# specified, the other reads as the same value; both pairs do so with the numbers 1 and 1.5.
# https://github.com/msgpack/msgpack/blob/master/spec.md and https://www.rfc-editor.org/rfc/rfc8949
# Seen: a whole number of more than 32 bits is written as a 64-bit integer by @msgpack/msgpack and cborg and read as a BigInt by
# msgpackr and cbor-x, which themselves write it as a double. So 1 is a number, the time in milliseconds is none: `at + 1000` and
# JSON.stringify throw. The other way an `undefined` of msgpackr is an object `{ type, data }` to @msgpack/msgpack, and cborg reads no
# Date and no bytes of cbor-x.
# For a memory: each entry has a time in milliseconds, so none that the other side wrote can be shown.
# Here: not used.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts @msgpack/msgpack@3.1.3 msgpackr@2.1.4 cborg@6.1.5 cbor-x@1.6.9
cat >try.js <<'JS'
import * as msgpack from '@msgpack/msgpack'
import * as cborX from 'cbor-x'
import * as cborg from 'cborg'
import * as msgpackr from 'msgpackr'

const types = ({ version, weight, at }) => [version, weight, at].map((each) => typeof each).join(' ')
const entry = { version: 1, weight: 1.5, at: Date.UTC(2026, 0, 31) }
const message = (body) => {
  try {
    return JSON.stringify(body())
  } catch (error) {
    return error.message
  }
}
const seen = {
  msgpack: types(msgpack.decode(msgpack.encode(entry))),
  msgpackToMsgpackr: types(msgpackr.unpack(msgpack.encode(entry))),
  msgpackrToMsgpack: types(msgpack.decode(msgpackr.pack(entry))),
  cborg: types(cborg.decode(cborg.encode(entry))),
  cborgToCborX: types(cborX.decode(cborg.encode(entry))),
  cborXToCborg: types(cborg.decode(cborX.encode(entry))),
  later: message(() => msgpackr.unpack(msgpack.encode(entry)).at + 1000),
  asJson: message(() => cborX.decode(cborg.encode(entry))),
  missing: Object.keys(msgpack.decode(msgpackr.pack({ why: undefined })).why),
  date: message(() => cborg.decode(cborX.encode({ at: new Date(entry.at) }))),
  bytes: message(() => cborg.decode(cborX.encode({ bytes: new Uint8Array([1]) }))),
}
console.log(JSON.stringify(seen, null, 1))
const numbers = 'number number number'
const isAsDescribed =
  [seen.msgpack, seen.msgpackrToMsgpack, seen.cborg, seen.cborXToCborg].every((each) => each === numbers) &&
  [seen.msgpackToMsgpackr, seen.cborgToCborX].every((each) => each === 'number number bigint') &&
  [seen.later, seen.asJson].every((each) => /BigInt/.test(each)) &&
  seen.missing.join() === 'type,data' &&
  [seen.date, seen.bytes].every((each) => /tag not supported/.test(each))
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
