#!/usr/bin/env bash
# chrono-node 2.10.3. Expected: "last month" is a day of the month before, "next month" one of the month after, whichever day is today; where
# that month is shorter, its last day, as date-fns and luxon count.
# https://github.com/wanasit/chrono#readme
# Seen: the number of the month is changed and the day left as it is, and what is too much flows over. On 31 March "last month" is 3 March,
# on 31 May 1 May: within this month. On 31 January "next month" is 3 March, and "in 1 month" too; February is skipped. "1,5 hours ago"
# is 5 hours ago, and "one and a half hours ago" half an hour.
# For a memory: on the last days of a month "what did we decide last month?" is asked of this one, and a note that should be looked at
# next month is looked at in the one after it.
# Here: not used; times are numbers or texts with a date.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts chrono-node@2.10.3 date-fns@4.4.0
cat >try.js <<'JS'
process.env.TZ = 'UTC'
const { parseDate } = await import('chrono-node')
const { addMonths } = await import('date-fns')

const day = (date) => date.toISOString().slice(0, 10)
const questions = [
  ['last month', '2026-03-31', -1],
  ['last month', '2026-05-31', -1],
  ['3 months ago', '2026-05-31', -3],
  ['next month', '2026-01-31', 1],
  ['in 1 month', '2026-01-31', 1],
  ['last month', '2026-03-15', -1],
]
const months = questions.map(([text, today, months]) => {
  const reference = new Date(`${today}T10:00:00Z`)
  return [text, today, day(parseDate(text, reference)), day(addMonths(reference, months))]
})
const noon = new Date('2026-03-10T12:00:00Z')
const hours = ['1,5 hours ago', 'one and a half hours ago', '1.5 hours ago'].map((text) => (noon - parseDate(text, noon)) / 3_600_000)
for (const line of [...months, hours]) console.log(JSON.stringify(line))
const expected = [
  ['last month', '2026-03-31', '2026-03-03', '2026-02-28'],
  ['last month', '2026-05-31', '2026-05-01', '2026-04-30'],
  ['3 months ago', '2026-05-31', '2026-03-03', '2026-02-28'],
  ['next month', '2026-01-31', '2026-03-03', '2026-02-28'],
  ['in 1 month', '2026-01-31', '2026-03-03', '2026-02-28'],
  ['last month', '2026-03-15', '2026-02-15', '2026-02-15'],
]
const isAsDescribed = JSON.stringify([months, hours]) === JSON.stringify([expected, [5, 0.5, 1.5]])
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
