#!/usr/bin/env bash
# rrule 2.8.1. Expected: RRule.fromText makes the rule that a sentence says, or throws as it does for "every other day" ("Unexpected end").
# https://github.com/jkbrzt/rrule#rrulefromtexttext-language
# Seen: reading stops at the first word that it does not know, and the rule so far is the answer. "every day at 9pm" is nine in the morning,
# "at 10:30" is ten o'clock, "every day except Monday" every day, "every day in March" every day of the year, "from 9 to 17" the
# whole day. Only toText() of the rule shows it.
# For a memory: what should be brought up in the evening is brought up in the morning, and on the day that was left out.
# Here: not used; nothing is repeated by a rule.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts rrule@2.8.1
cat >try.js <<'JS'
import library from 'rrule'

const expected = {
  'every day at 9': 'FREQ=DAILY;BYHOUR=9',
  'every day at 9pm': 'FREQ=DAILY;BYHOUR=9',
  'every week on Monday at 10:30': 'FREQ=WEEKLY;BYDAY=MO;BYHOUR=10',
  'every day except Monday': 'FREQ=DAILY',
  'every day in March': 'FREQ=DAILY',
  'every hour from 9 to 17': 'FREQ=HOURLY',
  'every other day': 'Unexpected end',
}
const ruleOf = (text) => {
  try {
    return library.RRule.fromText(text).toString().replace('RRULE:', '')
  } catch (error) {
    return error.message
  }
}
const seen = Object.fromEntries(Object.keys(expected).map((text) => [text, ruleOf(text)]))
console.log(JSON.stringify(seen, null, 1))
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
