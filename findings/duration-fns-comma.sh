#!/usr/bin/env bash
# duration-fns 3.0.2 with dayjs 1.11.23, iso8601-duration 2.1.4, luxon 3.7.2, temporal-polyfill 1.0.8 and PostgreSQL (pglite 0.5.14).
# Expected: what toString() writes is a duration of ISO 8601 that the others read as the same time; all of them read "PT1.5S".
# https://github.com/dlevs/duration-fns#readme
# Seen: it writes a second and a half with a comma, "PT1,5S", which the standard prefers: dayjs reads 0, without an error, PostgreSQL
# refuses it, the other three read it. The time between 31 January and 1 March, 29 days, is "P2M-30D", two months less 30 days:
# iso8601-duration reads the two months only, 59 days, Temporal refuses it, and its own toSeconds() says 30 days and 20 hours. It
# refuses the "PT1.5H" of others itself.
# For a memory: a lease of a second and a half that is handed on as text lasts no time at all.
# Here: not used; times that something lasts are numbers of milliseconds.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts duration-fns@3.0.2 dayjs@1.11.23 iso8601-duration@2.1.4 luxon@3.7.2 temporal-polyfill@1.0.8 @electric-sql/pglite@0.5.14
cat >try.js <<'JS'
import { PGlite } from '@electric-sql/pglite'
import dayjs from 'dayjs'
import duration from 'dayjs/plugin/duration.js'
import * as durationFns from 'duration-fns'
import * as iso from 'iso8601-duration'
import { Duration } from 'luxon'
import { Temporal } from 'temporal-polyfill'

dayjs.extend(duration)
const db = await PGlite.create()
const seconds = 'select extract(epoch from $1::interval)::float8 as seconds'
const day = '2026-01-31'
const readers = {
  durationFns: (text) => durationFns.toSeconds(text),
  dayjs: (text) => dayjs.duration(text).asSeconds(),
  iso8601: (text) => iso.toSeconds(iso.parse(text), new Date(day)),
  luxon: (text) => Duration.fromISO(text).toMillis() / 1000,
  temporal: (text) => Temporal.Duration.from(text).total({ unit: 'seconds', relativeTo: day }),
  postgres: async (text) => (await db.query(seconds, [text])).rows[0].seconds,
}
async function read(text) {
  const seen = {}
  for (const [name, reader] of Object.entries(readers)) {
    try {
      const value = await reader(text)
      seen[name] = Number.isNaN(value) ? 'refused' : value
    } catch {
      seen[name] = 'refused'
    }
  }
  return seen
}
const written = {
  second: durationFns.toString({ milliseconds: 1500 }),
  between: durationFns.toString(durationFns.between(day, '2026-03-01')),
}
const seen = { dot: await read('PT1.5S'), comma: await read(written.second), between: await read(written.between), hours: await read('PT1.5H') }
await db.close()
console.log(JSON.stringify(written))
for (const [name, each] of Object.entries(seen)) console.log(name.padEnd(8), JSON.stringify(each))
const all = (value) => Object.fromEntries(Object.keys(readers).map((name) => [name, value]))
const isAsDescribed =
  JSON.stringify(written) === JSON.stringify({ second: 'PT1,5S', between: 'P2M-30D' }) &&
  JSON.stringify(seen.dot) === JSON.stringify(all(1.5)) &&
  JSON.stringify(seen.comma) === JSON.stringify({ ...all(1.5), dayjs: 0, postgres: 'refused' }) &&
  seen.between.iso8601 === 59 * 86_400 &&
  seen.between.temporal === 'refused' &&
  seen.between.durationFns === (30 * 24 + 20) * 3600 &&
  JSON.stringify(seen.hours) === JSON.stringify({ ...all(5400), durationFns: 'refused' })
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
