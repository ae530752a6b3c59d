#!/usr/bin/env bash
# date-fns 4.4.0. Expected: formatISODuration writes every part of a Duration, of which weeks are one, as `add`, `milliseconds` and
# formatDuration count it; ISO 8601 has a sign for weeks, and what cannot be written is refused.
# https://date-fns.org/docs/formatISODuration
# Seen: weeks are left out without a word: two weeks are written as no time at all, "P0Y0M0DT0H0M0S", two weeks and three days as
# three days.
# For a memory: an entry that should be kept two weeks is kept no time.
# Here: not used; durations are numbers of milliseconds.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts date-fns@4.4.0
cat >try.js <<'JS'
import { add, formatDuration, formatISODuration, milliseconds } from 'date-fns'

const seen = [{ weeks: 2 }, { weeks: 2, days: 3 }].map((duration) => ({
  words: formatDuration(duration),
  days: milliseconds(duration) / 86_400_000,
  until: add(new Date('2026-11-01T00:00:00Z'), duration).getUTCDate(),
  iso: formatISODuration(duration),
}))
console.log(JSON.stringify(seen, null, 1))
const expected = [
  { words: '2 weeks', days: 14, until: 15, iso: 'P0Y0M0DT0H0M0S' },
  { words: '2 weeks 3 days', days: 17, until: 18, iso: 'P0Y0M3DT0H0M0S' },
]
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
