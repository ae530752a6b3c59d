#!/usr/bin/env bash
# json-merge-patch 1.0.2, the format of RFC 7396. Expected: merge(first, second) is the one patch that does what the two do one after the
# other; where there is none it is refused.
# https://github.com/pierreinglebert/json-merge-patch#readme
# Seen: "take `limits` out" (null), then "set `limits.reads`", becomes a patch that only sets `limits.reads`: all that was in `limits` before
# stays. The same for a value that was replaced by a text in between. The format has no patch for it, since an object in a patch is always
# laid over what is there; nothing is said.
# For a memory: changes that wait to be sent are put together, and what was deleted first is back with its old fields.
# Here: not used; each change is sent as one request, with the version that it is of.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts json-merge-patch@1.0.2
cat >try.js <<'JS'
import { apply, merge } from 'json-merge-patch'

const entry = () => ({ limits: { writes: 5 } })
function both(first, second) {
  const inTurn = apply(apply(entry(), structuredClone(first)), structuredClone(second))
  const asOne = apply(entry(), merge(structuredClone(first), structuredClone(second)))
  return [inTurn, asOne].map(({ limits }) => JSON.stringify(limits)).join(' ')
}
const seen = {
  'two fields': both({ limits: { reads: 1 } }, { limits: { lists: 2 } }),
  'taken out, then set': both({ limits: null }, { limits: { reads: 1 } }),
  'a text, then set': both({ limits: 'none' }, { limits: { reads: 1 } }),
}
console.log(JSON.stringify(seen, null, 1))
const expected = {
  'two fields': '{"writes":5,"reads":1,"lists":2} {"writes":5,"reads":1,"lists":2}',
  'taken out, then set': '{"reads":1} {"writes":5,"reads":1}',
  'a text, then set': '{"reads":1} {"writes":5,"reads":1}',
}
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
