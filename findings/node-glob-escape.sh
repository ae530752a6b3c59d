#!/usr/bin/env bash
# Node 24.21.0 (the npm package node), on Linux. Expected: in a glob of path.matchesGlob and fs.globSync a backslash takes a
# character as it is, as in every other matcher and in sh: `app/\[id\]/*` is what lies in the folder "[id]".
# Seen: the backslash is taken for a slash, so no pattern written so matches anything, and no error says why. A class of one
# character, `app/[[]id]/*`, works.
# Here: globs are matched by picomatch, where a backslash escapes (src/services/hooks/patterns.ts).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true,"allowScripts":{"node":true}}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts=false node@24.21.0
cat >try.js <<'JS'
import { globSync, mkdirSync, writeFileSync } from 'node:fs'
import { matchesGlob } from 'node:path'

mkdirSync('app/[id]', { recursive: true })
writeFileSync('app/[id]/page.js', '')
const patterns = ['app/\\[id\\]/*', 'app/[[]id]/*', 'app/*/*']
const seen = patterns.map((pattern) => [pattern, matchesGlob('app/[id]/page.js', pattern), globSync(pattern).length])
for (const [pattern, matches, files] of seen) console.log(`${pattern}: matches ${matches}, files ${files}`)
const isAsDescribed = seen.map(([, matches, files]) => `${matches} ${files}`).join() === 'false 0,true 1,true 1'
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node_modules/.bin/node try.js
