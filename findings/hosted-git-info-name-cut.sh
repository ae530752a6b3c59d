#!/usr/bin/env bash
# hosted-git-info 9.0.3 (npm's own). Expected: file(path) and browseFile(path) are the address of that file, whatever its name; a committish
# is encoded, and so is a path.
# https://github.com/npm/hosted-git-info#methods
# Seen: the path is put into the address as it is: of `notes#2.md` it is the file "notes", of `why?.md` the file "why" with a query, and of
# `50%25.md` another one. The last argument of browse(path, fragment) is changed like a heading: `L10`, the line on GitHub, becomes `l10`,
# which leads nowhere.
# For a memory: the link beside an entry shows another file than the one that was named.
# Here: not used; an entry names its file by path, not by address.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts hosted-git-info@9.0.3
cat >try.js <<'JS'
import hostedGitInfo from 'hosted-git-info'

const repository = hostedGitInfo.fromUrl('github:owner/name#feat/x')
const opened = (path) => {
  const { pathname, hash, search } = new URL(repository.file(path))
  return [decodeURI(pathname.split('/').at(-1)), search, hash].join(' ').trim()
}
const seen = {
  plain: opened('notes.md'),
  hash: opened('notes#2.md'),
  question: opened('why?.md'),
  percent: opened('50%25.md'),
  committish: repository.browseFile('notes.md'),
  line: repository.browse('notes.md', 'L10'),
}
console.log(JSON.stringify(seen, null, 1))
const expected = {
  plain: 'notes.md',
  hash: 'notes  #2.md',
  question: 'why ?.md',
  percent: '50%.md',
  committish: 'https://github.com/owner/name/blob/feat%2Fx/notes.md',
  line: 'https://github.com/owner/name/tree/feat%2Fx/notes.md#l10',
}
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
