#!/usr/bin/env bash
# lunr 2.3.9. Expected: a query's words are prepared as those of the documents are: "Fridays?" is found as "Fridays" is, and a stop
# word takes no part.
# Seen: marks at a word's edges and stop words are taken out of the documents only. A question finds nothing by its last word, and
# one stop word among required ones (`+deploy +on`) leaves no hit at all, though each document has it.
# Here: not used; the marks and stop words of a query are taken out (src/domain/words/search-terms.ts).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts lunr@2.3.9
cat >try.js <<'JS'
import lunr from 'lunr'

const index = lunr(function () {
  this.ref('id')
  this.field('text')
  this.add({ id: 'rule', text: 'Never deploy on Fridays.' })
})
const queries = ['Fridays', 'Fridays?', 'Fridays.', '(Fridays)', '+deploy', '+deploy +fridays', '+deploy +on']
const seen = queries.map((query) => [query, index.search(query).length])
for (const [query, hits] of seen) console.log(`${query}: ${hits}`)
const isAsDescribed = seen.map(([, hits]) => hits).join() === '1,0,0,0,1,1,0'
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
