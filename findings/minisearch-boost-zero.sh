#!/usr/bin/env bash
# minisearch 7.2.0. Expected: `boost: { notes: 0 }` takes a field's weight away, as the end of 0.5, 0.1, 0.01.
# Seen: each smaller boost lowers the score in proportion, and 0 gives the full score again, as if nothing had been said: the field
# weighs as much as with 1.
# Here: not used.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts minisearch@7.2.0
cat >try.js <<'JS'
import MiniSearch from 'minisearch'

const index = new MiniSearch({ fields: ['title', 'notes'] })
index.addAll([{ id: 1, title: 'deploy', notes: 'x' }, { id: 2, title: 'x', notes: 'deploy' }])
const share = (notes) => {
  const [title, note] = [1, 2].map((id) => index.search('deploy', { boost: { notes } }).find((hit) => hit.id === id)?.score ?? 0)
  return Math.round((100 * note) / title)
}
const seen = [1, 0.5, 0.1, 0.01, 0].map((boost) => [boost, share(boost)])
for (const [boost, percent] of seen) console.log(`boost ${boost}: ${percent} % of the title's score`)
const isAsDescribed = JSON.stringify(seen) === JSON.stringify([[1, 100], [0.5, 50], [0.1, 10], [0.01, 1], [0, 100]])
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
