#!/usr/bin/env bash
# pgsql-ast-parser 12.0.2. Expected: the SQL that toSql makes of what parse has read is the same query, or parse refuses it.
# Seen: the brackets of a set operation are left out, so `1 union (2 union all 2)` has three rows for two. `all(…)` and `any(…)` are
# written as the function "all", which PostgreSQL does not have; of the one row in `in ((1, 2))` two numbers are made; and `-1::text`,
# which is the negative of a text and an error, becomes the text '-1'.
# Here: not used. The server is PGlite, a PostgreSQL in a package.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts pgsql-ast-parser@12.0.2 @electric-sql/pglite@0.5.14
cat >try.js <<'JS'
import { PGlite } from '@electric-sql/pglite'
import { parse, toSql } from 'pgsql-ast-parser'

const db = await PGlite.create()
const run = async (sql) => {
  try {
    return (await db.query(sql, [], { rowMode: 'array' })).rows.join(' ')
  } catch (error) {
    return error.message
  }
}
const queries = [
  'select 1 union (select 2 union all select 2)',
  'select 2 = all(array[2])',
  'select 1 where (1, 2) in ((1, 2))',
  'select -1::text',
]
const seen = []
for (const sql of queries) seen.push([await run(sql), await run(toSql.statement(parse(sql)[0]))])
await db.close()
for (const [i, [before, after]] of seen.entries()) console.log(`${queries[i]}: ${before} | written anew: ${after}`)
const expected = [
  ['1 2', '1 2 2'],
  ['true', 'function all(integer[]) does not exist'],
  ['1', 'operator does not exist: record = integer'],
  ['operator does not exist: - text', '-1'],
]
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
