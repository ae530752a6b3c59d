#!/usr/bin/env bash
# three-way-merge 0.1.0. Expected: called as its README shows, merge(base, left, right) joins what both have changed; the README's own example
# has no conflict and the line that one side took out is gone.
# https://github.com/movableink/three-way-merge#usage
# Seen: the arguments are (left, base, right). In the README's order the base is merged as if it were one side's work, so the line that mine
# added is taken for one that both have removed: the result is theirs alone, without a conflict. The README's example is a conflict, and its
# joinedResult() does not exist (joinedResults).
# For a memory: two agents' edits of one entry are merged to one of the two, and it says that it went well.
# Here: three versions are merged with node-diff3, by name of each (src/transports/cli/conflict/three-way.ts).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts three-way-merge@0.1.0
cat >try.js <<'JS'
import { merge } from 'three-way-merge'

const text = (...lines) => lines.map((line) => `${line}\n`).join('')
const base = text('one', 'two', 'three')
const mine = text('one', 'two', 'mine', 'three')
const theirs = text('ONE', 'two', 'three')
const shown = (result) => (result.isConflict() ? 'conflict' : result.joinedResults().trim().split(/\n+/).join(' '))
const digits = (list) => [...list].join('\n')
const example = merge(digits('123456'), digits('23456'), digits('123496'))
const seen = {
  asInReadme: shown(merge(base, mine, base)),
  otherOrder: shown(merge(mine, base, base)),
  both: shown(merge(mine, base, theirs)),
  example: [example.conflict, typeof example.joinedResult],
}
console.log(JSON.stringify(seen, null, 1))
const expected = {
  asInReadme: 'one two three',
  otherOrder: 'one two mine three',
  both: 'ONE two mine three',
  example: [true, 'undefined'],
}
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
