#!/usr/bin/env bash
# picomatch 4.0.7 and micromatch 4.0.8. Expected: the function that picomatch(glob) or micromatch.matcher(glob) makes can be given to
# filter(), some() and findIndex(), as those of minimatch and anymatch can.
# https://github.com/micromatch/picomatch#picomatch
# Seen: filter() hands each item its index as well, and from the second item on the function answers with an object that says whether
# the file is meant, as its second argument asks for. An object is true: every file but the first is found by every glob.
# For a memory: a rule for "*.md" is shown for every file of a commit but the first.
# Here: the matcher is wrapped in a function of one argument (src/services/hooks/patterns.ts).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts picomatch@4.0.7 micromatch@4.0.8 minimatch@11.0.9 anymatch@3.1.3
cat >try.js <<'JS'
import anymatch from 'anymatch'
import micromatch from 'micromatch'
import { minimatch } from 'minimatch'
import picomatch from 'picomatch'

const files = ['app.ts', 'notes.md', 'page.css', 'main.js']
const glob = '*.md'
const [pico, micro] = [picomatch(glob), micromatch.matcher(glob)]
const seen = {
  picomatch: files.filter(pico),
  picomatchAlone: files.filter((file) => pico(file)),
  micromatch: files.filter(micro),
  minimatch: files.filter(minimatch.filter(glob)),
  anymatch: files.filter(anymatch(glob)),
}
console.log(JSON.stringify(seen, null, 1))
const isAsDescribed =
  [seen.picomatch, seen.micromatch].every((found) => found.join() === 'notes.md,page.css,main.js') &&
  [seen.picomatchAlone, seen.minimatch, seen.anymatch].every((found) => found.join() === 'notes.md')
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
