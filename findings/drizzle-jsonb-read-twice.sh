#!/usr/bin/env bash
# drizzle-orm 0.45.4 with PGlite 0.5.14, or any driver that reads JSON itself, as pg does. Expected: a text in a jsonb column comes back as
# the text that was stored.
# https://orm.drizzle.team/docs/column-types/pg#jsonb
# Seen: the driver has read the JSON, and drizzle reads a text that it gets once more. '1.10' comes back as the number 1.1, 'true' as
# true, 'null' as null, a text in quotes without them, a text that is JSON as an object. In the database, and through the driver
# alone, they are the texts that were stored; '007' and other texts that are no JSON stay.
# For a memory: a version, an answer or a snippet of JSON that was kept as a text is another value to whoever reads it.
# Here: not used; the queries are kysely's.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts drizzle-orm@0.45.4 @electric-sql/pglite@0.5.14
cat >try.js <<'JS'
import { PGlite } from '@electric-sql/pglite'
import { integer, jsonb, pgTable } from 'drizzle-orm/pg-core'
import { drizzle } from 'drizzle-orm/pglite'

const texts = ['1.10', 'true', 'null', '"quoted"', '{"a":1}', '007', 'plain']
const client = await PGlite.create()
await client.exec('create table note (id integer, said jsonb)')
const note = pgTable('note', { id: integer(), said: jsonb() })
const db = drizzle(client)
await db.insert(note).values(texts.map((said, id) => ({ id, said })))
const inDatabase = await client.query('select said, jsonb_typeof(said) as type from note order by id')
const seen = {
  types: [...new Set(inDatabase.rows.map(({ type }) => type))],
  driver: inDatabase.rows.map(({ said }) => said),
  drizzle: (await db.select().from(note).orderBy(note.id)).map(({ said }) => said),
}
await client.close()
console.log(JSON.stringify(seen, null, 1))
const expected = { types: ['string'], driver: texts, drizzle: [1.1, true, null, 'quoted', { a: 1 }, '007', 'plain'] }
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
