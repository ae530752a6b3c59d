#!/usr/bin/env bash
# gray-matter 4.0.3. Expected: matter.stringify(body, values) writes the values before the body, which its README calls appending to the
# given string, and matter() reads both as they were; a Markdown text that begins with a line `---` (a thematic break) and has no
# second one has no front matter, so all of it is content.
# https://www.npmjs.com/package/gray-matter and https://spec.commonmark.org/0.31.2/#thematic-breaks
# Seen: stringify() reads the body first. What stands between two breaks at its beginning is taken for values: it joins the ones that
# were given, and no longer stands in the body. A text with one break is empty to matter(): its words are the `data`.
# For a memory: an entry that quotes another file with its front matter is written to disk with that file's name and scope.
# Here: not used; the body is written as it is (src/services/transfer/).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts gray-matter@4.0.3
cat >try.js <<'JS'
import matter from 'gray-matter'

const body = '---\nname: deploy\n---\nThis is how a skill begins.\n'
const written = matter.stringify(body, { scope: 'web' })
const { content, data } = matter('---\nNever deploy on Fridays.\n')
console.log(written)
console.log({ content, data })
const isAsDescribed =
  written === '---\nname: deploy\nscope: web\n---\nThis is how a skill begins.\n' &&
  content === '' &&
  data === 'Never deploy on Fridays.'
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
