#!/usr/bin/env bash
# @iarna/toml 3.0.0. Expected: what stringify() takes is read back as it was, or it is refused.
# Seen: a list that begins with an object is written as a list of tables whatever follows: a number or a Date after it becomes an empty
# table, a text a table of its letters. With the object in second place the same list is written and read as it is.
# Here: not used; an entry is edited within the text of a client's TOML (src/transports/cli/setup/editing/edit-toml.ts).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts @iarna/toml@3.0.0
cat >try.js <<'JS'
import toml from '@iarna/toml'

const lists = [
  [2, { name: 'a' }],
  [{ name: 'a' }, 2],
  [{ name: 'a' }, new Date(0)],
  [{ name: 'a' }, 'bc'],
]
const seen = lists.map((list) => JSON.stringify(toml.parse(toml.stringify({ list })).list))
for (const [i, list] of lists.entries()) console.log(`${JSON.stringify(list)} is read as ${seen[i]}`)
const expected = ['[2,{"name":"a"}]', '[{"name":"a"},{}]', '[{"name":"a"},{}]', '[{"name":"a"},{"0":"b","1":"c"}]']
const isAsDescribed = seen.join() === expected.join()
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
