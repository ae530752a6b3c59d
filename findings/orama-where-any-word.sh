#!/usr/bin/env bash
# @orama/orama 3.1.18. Expected: `where: { scope: 'web shop' }` on a string property leaves the documents whose scope equals that; the
# documentation speaks of exact matching, and of a list of values where any of them will do.
# Seen: any one word of the value is enough: documents of the scopes "web", "shop" and "old shop" come too. With the type `enum` and
# `{ eq: 'web shop' }` only the right one does.
# Here: not used; only its stemmers are.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts @orama/orama@3.1.18
cat >try.js <<'JS'
import { create, insert, search } from '@orama/orama'

const scopes = ['web shop', 'web', 'shop', 'old shop', 'docs']
function left(type, scope) {
  const db = create({ schema: { text: 'string', scope: type } })
  for (const one of scopes) insert(db, { text: 'never force push', scope: one })
  return search(db, { term: 'push', where: { scope } })
    .hits.map(({ document }) => document.scope)
    .toSorted()
}
const seen = { string: left('string', 'web shop'), enum: left('enum', { eq: 'web shop' }) }
console.log(JSON.stringify(seen))
const expected = { string: ['old shop', 'shop', 'web', 'web shop'], enum: ['web shop'] }
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
