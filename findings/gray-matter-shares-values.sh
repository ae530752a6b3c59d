#!/usr/bin/env bash
# gray-matter 4.0.3. Expected: matter(text) reads the text and gives values of the caller's own, as JSON.parse does; its README has
# no word of a cache.
# https://www.npmjs.com/package/gray-matter
# Seen: called without options it keeps every text with its values and gives the same object for the same text. What one caller
# changes (a tag added, a name set) is what the next one reads, from a file in which it does not stand, and from another file that
# begins from the same template. With options, even empty ones, the text is read anew.
# For a memory: rules of two projects that were made of one template take over each other's changes.
# Here: not used; front matter is read with the library `yaml` (src/services/transfer/yaml.ts).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts gray-matter@4.0.3
cat >try.js <<'JS'
import { writeFileSync } from 'node:fs'
import matter from 'gray-matter'

for (const name of ['web.md', 'api.md']) writeFileSync(name, '---\nscope: none\ntags: [rule]\n---\nAsk before a release.\n')
function scoped(...options) {
  const web = matter(matter.read('web.md').orig.toString(), ...options)
  web.data.scope = 'web'
  web.data.tags.push('frontend')
  return matter(matter.read('api.md').orig.toString(), ...options).data
}
const seen = { withOptions: scoped({}), without: scoped() }
console.log(JSON.stringify(seen))
const expected = {
  withOptions: { scope: 'none', tags: ['rule'] },
  without: { scope: 'web', tags: ['rule', 'frontend'] },
}
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
