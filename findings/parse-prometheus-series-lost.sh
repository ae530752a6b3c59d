#!/usr/bin/env bash
# parse-prometheus-text-format 1.1.1. Expected: a histogram or summary with several series (one for each tool, say) is read as several
# metrics with their labels, as counters and gauges are, and as its README shows a summary.
# https://www.npmjs.com/package/parse-prometheus-text-format
# Seen: of a histogram one metric comes back, without labels, sum and count, whose buckets are those of the last series; the others
# are gone.
# For a memory: what is measured of one tool is taken for all of them, and the sums are too small.
# Here: not used; our tests read /metrics themselves.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts parse-prometheus-text-format@1.1.1
cat >try.js <<'JS'
import parse from 'parse-prometheus-text-format'

const series = (tool, count) => `seconds_bucket{tool="${tool}",le="1"} ${count}
seconds_bucket{tool="${tool}",le="+Inf"} ${count}
seconds_sum{tool="${tool}"} ${count / 2}
seconds_count{tool="${tool}"} ${count}
`
const histogram = `# TYPE seconds histogram\n${series('search', 400)}${series('add', 6)}`
const counter = '# TYPE calls counter\ncalls{tool="search"} 400\ncalls{tool="add"} 6\n'
const seen = [histogram, counter].map((text) => JSON.parse(JSON.stringify(parse(text)[0].metrics)))
console.log(JSON.stringify(seen, null, 1))
const [buckets, counts] = seen.map((metrics) => JSON.stringify(metrics))
const isAsDescribed = buckets === '[{"buckets":{"1":"6","+Inf":"6"}}]' && JSON.parse(counts).length === 2
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
