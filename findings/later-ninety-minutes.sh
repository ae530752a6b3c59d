#!/usr/bin/env bash
# @breejs/later 4.2.0 (bree and many schedulers read text with it). Expected: "every 90 minutes" is every hour and a half, and what it cannot
# say is an error, as an unknown word is (`error` is its place, -1 is none).
# https://breejs.github.io/later/parsers.html#text
# Seen: 90 minutes are once an hour, 36 hours once a day, 2 weeks start anew with each year, and 45 minutes are at :00 and at :45, with a
# quarter of an hour between. `error` is -1 for all of them.
# For a memory: what is to be tidied up every 36 hours is tidied up each day.
# Here: not used.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts @breejs/later@4.2.0
cat >try.js <<'JS'
import later from '@breejs/later'

later.date.UTC()
const pauses = (text) => {
  const { error, ...schedule } = later.parse.text(text)
  const starts = later.schedule(schedule).nextRange(4, new Date('2026-01-01T00:00:00Z'), undefined)
  const times = starts.map((range) => Date.parse(range[0] ?? range))
  const minutes = times.slice(1).map((time, i) => (time - times[i]) / 60_000)
  return `${minutes.join(' ')} (${error})`
}
const seen = Object.fromEntries(['every 30 minutes', 'every 45 minutes', 'every 90 minutes', 'every 36 hours'].map((text) => [text, pauses(text)]))
console.log(JSON.stringify(seen, null, 1))
const expected = {
  'every 30 minutes': '30 30 30 (-1)',
  'every 45 minutes': '45 15 45 (-1)',
  'every 90 minutes': '60 60 60 (-1)',
  'every 36 hours': '1440 1440 1440 (-1)',
}
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
