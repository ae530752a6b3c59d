#!/usr/bin/env bash
# cron-schedule 6.0.0. Expected: an expression is read as crontab(5) reads it, whose page its README names as its syntax: where the day of the
# month or of the week begins with a star, a day has to fit both; "0 9 */2 * 1" is each Monday whose day is odd.
# https://man7.org/linux/man-pages/man5/crontab.5.html
# Seen: it is each odd day and each Monday, four times as many. Only a star alone counts as one. And what the page does not have is taken,
# in part and without an error: "5/15" is minute 5 once an hour, "5#2", the second Friday elsewhere, is every Friday, "15W" the 15th.
# cron-parser and croner read the last three as they are meant or refuse them.
# For a memory: a summary that was to be made every second week is made four times a week.
# Here: not used; what is done again is done after a number of milliseconds.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts cron-schedule@6.0.0
cat >try.js <<'JS'
process.env.TZ = 'UTC'
const { parseCronExpression } = await import('cron-schedule')

const expected = {
  '0 9 * * 1': ['03-02 09:00', '03-09 09:00', '03-16 09:00'],
  '0 9 */2 * 1': ['03-01 09:00', '03-02 09:00', '03-03 09:00'],
  '5/15 9 * * *': ['03-01 09:05', '03-02 09:05', '03-03 09:05'],
  '0 9 * * 5#2': ['03-06 09:00', '03-13 09:00', '03-20 09:00'],
  '0 9 15W * *': ['03-15 09:00', '04-15 09:00', '05-15 09:00'],
}
const times = (expression) => {
  const dates = parseCronExpression(expression).getNextDates(3, new Date('2026-03-01T00:00:00Z'))
  return dates.map((date) => date.toISOString().slice(5, 16).replace('T', ' '))
}
const seen = Object.fromEntries(Object.keys(expected).map((expression) => [expression, times(expression)]))
console.log(JSON.stringify(seen, null, 1))
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
