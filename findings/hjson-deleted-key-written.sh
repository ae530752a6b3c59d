#!/usr/bin/env bash
# hjson 3.2.2. Expected: with Hjson.rt, which is there to change a file and keep its comments, a key that is deleted from what was read
# is not written any more; and what stringify() writes is read as the same value.
# https://hjson.github.io/hjson-js/
# Seen: a deleted key stays in its place as `key: undefined`, and is read as the text "undefined". A key that never had a value
# in the file is written and left out rightly. A text that begins with a tab is written with it and read without.
# For a memory: a setting that was taken out is set from then on, to a text that is true wherever it is asked for.
# Here: not used; what is edited in place is edited in its text (src/transports/cli/setup/editing/).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts hjson@3.2.2
cat >try.js <<'JS'
import Hjson from 'hjson'

const text = '{\n  # where it listens\n  port: 3000\n  # only here\n  debug: yes\n}'
const settings = Hjson.rt.parse(text)
delete settings.debug
settings.added = 1
delete settings.added
const written = Hjson.rt.stringify(settings)
console.log(written)
const seen = {
  read: Hjson.parse(written),
  withoutComments: Hjson.stringify(settings),
  tab: Hjson.parse(Hjson.stringify({ rule: '\tindent with tabs' })).rule,
}
console.log(JSON.stringify(seen))
const expected = {
  read: { port: 3000, debug: 'undefined' },
  withoutComments: '{\n  port: 3000\n}',
  tab: 'indent with tabs',
}
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
