#!/usr/bin/env bash
# dayjs 1.11.23 with its plugin `duration`. Expected: a duration that it writes is read by it as the same duration.
# https://day.js.org/docs/en/durations/as-iso-string
# Seen: dayjs writes 90 seconds ago as "-PT1M30S" and reads that as 90 seconds ahead: one round through JSON turns past into future.
# luxon 3.7.2 reads the same text with its minus.
# For a memory: a deadline that has passed lies ahead again once it has been written down and read.
# Here: not used; durations are numbers of milliseconds.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts dayjs@1.11.23 luxon@3.7.2
cat >try.js <<'JS'
import dayjs from 'dayjs'
import plugin from 'dayjs/plugin/duration.js'
import { Duration } from 'luxon'

dayjs.extend(plugin)
const past = dayjs.duration(-90, 'seconds')
const written = JSON.parse(JSON.stringify({ past })).past
const seen = {
  seconds: past.asSeconds(),
  written,
  dayjs: dayjs.duration(written).asSeconds(),
  luxon: Duration.fromISO(written).as('seconds'),
}
console.log(JSON.stringify(seen))
const expected = { seconds: -90, written: '-PT1M30S', dayjs: 90, luxon: -90 }
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
