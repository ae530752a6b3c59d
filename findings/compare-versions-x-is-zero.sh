#!/usr/bin/env bash
# compare-versions 6.1.1. Expected: satisfies(version, range) answers as npm's semver does, with whose ranges its README calls itself
# compatible; "1.x" is all of version 1.
# https://github.com/omichelsen/compare-versions#version-ranges
# Seen: "1.x", "1" and "1.2" are met by 1.0.0 and 1.2.0 only, ">1" also by 1.2.3, "<=1.2" not by 1.2.3, and "*" is refused.
# "^1.2.3-beta.1" is met by no version 1.2.3, which comes after it. ^1, ~1.2 and ranges with three numbers are as in semver 7.8.6.
# For a memory: what says that it works with "1.x" of a server is left out for every 1.x but the first.
# Here: not used.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts compare-versions@6.1.1 semver@7.8.6
cat >try.js <<'JS'
import { satisfies } from 'compare-versions'
import semver from 'semver'

function met(version, range) {
  try {
    return satisfies(version, range)
  } catch (error) {
    return error.name
  }
}
const others = ['1.x', '1', '1.2', '>1', '<=1.2', '*', '^1.2.3-beta.1'].map((range) => ['1.2.3', range])
const alike = [['1.2.3', '^1'], ['1.2.3', '~1.2'], ['1.2.3', '>=1.2.0 <2.0.0'], ['0.3.0', '^0.2.3'], ['1.0.0', '1.x'], ['1.2.0', '1.2']]
const row = ([version, range]) => ({ version, range, here: met(version, range), semver: semver.satisfies(version, range) })
const seen = { others: others.map(row), alike: alike.map(row) }
for (const each of [...seen.others, ...seen.alike]) console.log(JSON.stringify(each))
const isAsDescribed = seen.others.every((each) => each.here !== each.semver) && seen.alike.every((each) => each.here === each.semver)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
