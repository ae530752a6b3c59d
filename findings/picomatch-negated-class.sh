#!/usr/bin/env bash
# picomatch 4.0.7 (micromatch 4.0.8 stands on it). Expected: `[!0-9]` is any character but a digit, as in sh, .gitignore and every other
# matcher; the README promises the matching of Bash.
# Seen: it is one of `!` and the digits, so the pattern matches just the wrong names; `[^0-9]` and the option `posix: true` mean what
# they should.
# Here: globs of guidelines are matched with `posix: true` (src/services/hooks/patterns.ts).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts picomatch@4.0.7 ignore@7.0.17 minimatch@11.0.9
cat >try.js <<'JS'
import ignore from 'ignore'
import { minimatch } from 'minimatch'
import picomatch from 'picomatch'

const names = ['v1.md', 'vx.md']
const pattern = 'v[!0-9].md'
const matched = (isMatch) => names.filter(isMatch).join()
const seen = {
  picomatch: matched((name) => picomatch.isMatch(name, pattern)),
  caret: matched((name) => picomatch.isMatch(name, 'v[^0-9].md')),
  posix: matched((name) => picomatch.isMatch(name, pattern, { posix: true })),
  minimatch: matched((name) => minimatch(name, pattern)),
  ignore: matched((name) => ignore().add(pattern).ignores(name)),
}
console.log(JSON.stringify(seen))
const { picomatch: wrong, ...others } = seen
const isAsDescribed = wrong === 'v1.md' && Object.values(others).every((text) => text === 'vx.md')
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
