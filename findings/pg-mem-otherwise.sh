#!/usr/bin/env bash
# pg-mem 3.0.14. Expected: a query of plain SQL that it takes is answered as by PostgreSQL; what it does not know it refuses.
# Seen: answered otherwise, without an error. `not in` a list with a null is true; a backslash in `like` does not free the `_` after it;
# greatest() of a null and 3 is null; a month after 31 January is in March; 0.1 + 0.2 is not 0.3; a bigint beyond 2^53 is rounded.
# For a memory: a test that passes on it says little of the database, least of all where a name has an underscore.
# Here: tests use PostgreSQL itself. The other answers are of PGlite, a PostgreSQL in a package.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts pg-mem@3.0.14 @electric-sql/pglite@0.5.14
cat >try.js <<'JS'
import { PGlite } from '@electric-sql/pglite'
import { newDb } from 'pg-mem'

const real = await PGlite.create()
const mock = newDb()
const values = [
  "'a' not in ('b', null)",
  "'a_c' like 'a\\_c'",
  'greatest(1, null, 3)',
  "extract(month from '2026-01-31'::date + interval '1 month')::int",
  '0.1 + 0.2 = 0.3',
  "'9007199254740993'::bigint::text",
]
const seen = []
for (const value of values) {
  const [{ v: right }] = (await real.query(`select ${value} as v`)).rows
  const [{ v: mocked }] = mock.public.many(`select ${value} as v`)
  seen.push([right, mocked])
  console.log(`${value}: ${right}, in pg-mem ${mocked}`)
}
await real.close()
const expected = [
  [null, true],
  [true, false],
  [3, null],
  [2, 3],
  [true, false],
  ['9007199254740993', '9007199254740992'],
]
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
