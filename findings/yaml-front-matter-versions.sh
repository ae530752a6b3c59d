#!/usr/bin/env bash
# yaml 2.9.1 and gray-matter 4.0.3 (with its js-yaml 3). Expected: front matter that one library writes, the other reads as the same
# values.
# Seen: yaml follows YAML 1.2 and leaves 12:30, 1_000, 0b11 and 2026-11-29 without quotes, because they are texts there; gray-matter
# reads YAML 1.1: the number 750, 1000, 3 and a Date. Nothing warns. Written with `{ version: '1.1' }` all four come back as texts.
# Here: files are written and read by the same library (src/services/transfer/yaml.ts).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts yaml@2.9.1 gray-matter@4.0.3
cat >try.js <<'JS'
import matter from 'gray-matter'
import { stringify } from 'yaml'

const texts = { at: '12:30', limit: '1_000', mask: '0b11', day: '2026-11-29' }
const read = (options) => matter(`---\n${stringify(texts, options)}---\nbody\n`, {}).data
const seen = { plain: read(), said: read({ version: '1.1' }) }
console.log(JSON.stringify(seen, null, 1))
const { day, ...rest } = seen.plain
const isAsDescribed =
  JSON.stringify(rest) === JSON.stringify({ at: 750, limit: 1000, mask: 3 }) &&
  day instanceof Date &&
  JSON.stringify(seen.said) === JSON.stringify(texts)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
