#!/usr/bin/env bash
# git 2.39.5. Expected: what gitignore(5) says: two stars that are not a whole part of a path are "regular asterisks", which match no
# slash; so docs**/*.md is docs*/*.md.
# https://git-scm.com/docs/gitignore#_pattern_format
# Seen: they match slashes where all before them is plain: docs**/*.md ignores docs/a/b.md and docs-old/a/b.md too, as ** alone would,
# and so it is in .gitattributes and in `git ls-files ':(glob)…'`. Behind a star, [d]ocs**/*.md, they do not. ignore 7.0.17 and
# picomatch 4.0.7 read it as the page says.
# For a memory: a pattern that is taken over from .gitignore into a rule no longer means the same files.
# Here: globs are read by picomatch (src/services/hooks/patterns.ts).
# Needs git on the PATH (seen with 2.39.5, Debian's).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts ignore@7.0.17 picomatch@4.0.7
cat >try.js <<'JS'
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import ignore from 'ignore'
import picomatch from 'picomatch'

const git = (...args) => execFileSync('git', args, { cwd: 'repo', encoding: 'utf8' }).trim()
const files = ['docs/a.md', 'docs/a/b.md', 'docs-old/a.md', 'docs-old/a/b.md']
for (const folder of ['docs/a', 'docs-old/a']) mkdirSync(`repo/${folder}`, { recursive: true })
for (const file of files) writeFileSync(`repo/${file}`, '')
git('init', '-q')
git('add', '.')
function ignored(pattern) {
  writeFileSync('repo/.gitignore', `${pattern}\n`)
  const lines = git('ls-files', '--cached', '--ignored', '--exclude-standard')
  return lines.split('\n')
}
const patterns = ['docs*/*.md', 'docs**/*.md', '[d]ocs**/*.md']
const seen = Object.fromEntries(
  patterns.map((pattern) => {
    const library = ignore().add(pattern)
    const reads = {
      git: ignored(pattern),
      pathspec: git('ls-files', `:(glob)${pattern}`).split('\n'),
      ignore: files.filter((file) => library.ignores(file)),
      picomatch: files.filter((file) => picomatch.isMatch(file, pattern)),
    }
    return [pattern, Object.fromEntries(Object.entries(reads).map(([name, list]) => [name, list.toSorted().join(' ')]))]
  }),
)
console.log(git('--version'))
console.log(JSON.stringify(seen, null, 1))
const all = files.toSorted().join(' ')
const flat = 'docs-old/a.md docs/a.md'
const asPageSays = { git: flat, pathspec: flat, ignore: flat, picomatch: flat }
const expected = [asPageSays, { ...asPageSays, git: all, pathspec: all }, asPageSays]
const isAsDescribed = JSON.stringify(Object.values(seen)) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
