#!/usr/bin/env bash
# prom-client 15.1.3. Expected: a histogram whose `buckets` are not in ascending order has them sorted, or is refused.
# Seen: it is taken, each observation is counted in the first bucket of the list that is large enough, and the sums are made in the
# order of the list: with [10, 5, 1] all of 0.5, 3 and 7 are reported as at most 1.
# Here: not used.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts prom-client@15.1.3
cat >try.js <<'JS'
import { Histogram } from 'prom-client'

async function counts(buckets) {
  const histogram = new Histogram({ name: 'seconds', help: 'Seconds of a search', buckets, registers: [] })
  for (const seconds of [0.5, 3, 7]) histogram.observe(seconds)
  const { values } = await histogram.get()
  return Object.fromEntries(values.flatMap(({ labels, value }) => (labels.le === undefined ? [] : [[labels.le, value]])))
}
const seen = { ascending: await counts([1, 5, 10]), descending: await counts([10, 5, 1]) }
console.log(JSON.stringify(seen))
const expected = { ascending: { 1: 1, 5: 2, 10: 3, '+Inf': 3 }, descending: { 1: 3, 5: 3, 10: 3, '+Inf': 3 } }
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
