#!/usr/bin/env bash
# @mikro-orm/postgresql 7.2.5. Expected: a list of texts that is written to a `text[]` is read as the same list.
# https://mikro-orm.io/docs/custom-types#arraytype
# Seen: the texts "null" and "NULL" are written as SQL's NULL and read as null, beside neighbours that are right; and [[1], [2]] in an
# `int[]` is written as {1,2}. Read into the same entity manager nothing shows: it keeps what was handed in.
# For a memory: an entry with the tag "null" (there are such, on the pitfalls of SQL) loses it, and a search for null rows finds it.
# Here: not used; lists are kept as JSON. The server is PGlite, a PostgreSQL in a package.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts @mikro-orm/core@7.2.5 @mikro-orm/postgresql@7.2.5 @electric-sql/pglite@0.5.14 @electric-sql/pglite-socket@0.2.17
cat >try.js <<'JS'
import { PGlite } from '@electric-sql/pglite'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'
import { EntitySchema, MikroORM } from '@mikro-orm/postgresql'

const db = await PGlite.create()
const server = new PGLiteSocketServer({ db, port: 0, host: '127.0.0.1' })
await server.start()
const port = Number(server.getServerConn().split(':').pop())
const clientUrl = `postgres://postgres:postgres@127.0.0.1:${port}/postgres?sslmode=disable`
const note = new EntitySchema({
  name: 'note',
  properties: { id: { type: 'number', primary: true }, tags: { type: 'string[]' }, cells: { type: 'number[]' } },
})
const orm = await MikroORM.init({ entities: [note], clientUrl, pool: { min: 1, max: 1 } })
await orm.schema.create()
const written = orm.em.fork()
written.create('note', { id: 1, tags: ['sql', 'null', 'NULL', 'a,b', ''], cells: [[1], [2]] })
await written.flush()
const { tags, cells } = await orm.em.fork().findOneOrFail('note', 1)
const { rows } = await db.query('select tags[2] is null as is_null from note')
const seen = { tags, cells, isNull: rows[0].is_null }
await orm.close()
await server.stop()
await db.close()
console.log(JSON.stringify(seen))
const expected = { tags: ['sql', null, null, 'a,b', ''], cells: [1, 2], isNull: true }
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
