#!/usr/bin/env bash
# toml-eslint-parser 1.0.3. Expected: a valid file is parsed, or refused with a ParseError that says where.
# Seen: a file whose only value is a plain text of 130,000 letters ends in the engine's own RangeError (no line, no ParseError);
# 60,000 letters are parsed.
# Here: src/transports/cli/setup keeps its own scanner, which only looks for the table that it edits.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund toml-eslint-parser@1.0.3
cat >try.js <<'JS'
import { ParseError, parseTOML } from 'toml-eslint-parser'

function outcome(letters) {
  try {
    parseTOML(`a = "${'x'.repeat(letters)}"`)
    return 'parsed'
  } catch (error) {
    return `${error.constructor.name}${error instanceof ParseError ? ' of the parser' : ''}`
  }
}

const seen = [60_000, 130_000].map((letters) => [letters, outcome(letters)])
for (const [letters, what] of seen) console.log(`${letters} letters: ${what}`)
const isAsDescribed = seen.map(([, what]) => what).join() === 'parsed,RangeError'
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
