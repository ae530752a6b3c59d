#!/usr/bin/env bash
# conf 15.1.0. Expected: get('sync.retries') is the default of that name where the file has none, as it is for a name without a dot and as
# dots are its way to reach a nested value.
# Seen: defaults are filled in at the top alone. Once anything below "sync" has been set, the file has a whole "sync", and a default that a
# later version adds there is undefined and has() says no.
# For a memory: a program is updated, and its new setting has no value for those who had changed another one.
# Here: not used.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts conf@15.1.0
cat >try.js <<'JS'
import Conf from 'conf'

const open = (defaults) => new Conf({ cwd: process.cwd(), projectName: 'try', defaults })
const first = open({ sync: { every: 60 }, colour: 'auto' })
first.set('sync.every', 30)
const later = open({ sync: { every: 60, retries: 3 }, colour: 'auto', limit: 10 })
const seen = { every: later.get('sync.every'), retries: later.get('sync.retries') ?? 'undefined', has: later.has('sync.retries'), limit: later.get('limit') }
console.log(JSON.stringify(seen))
const isAsDescribed = JSON.stringify(seen) === JSON.stringify({ every: 30, retries: 'undefined', has: false, limit: 10 })
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
