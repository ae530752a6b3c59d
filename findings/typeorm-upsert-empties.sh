#!/usr/bin/env bash
# typeorm 1.1.1 on PostgreSQL. Expected: upsert() of several entities changes in each row what its entity names, as an upsert of the
# same entities one by one does.
# https://typeorm.io/docs/working-with-entity-manager/entity-manager-api
# Seen: what any one of the entities names is written in all rows. A row whose own entity does not name it is set to the column's
# default, null as a rule: { id: 1, text } beside { id: 2, why } empties the first one's `why` and the second one's `text`.
# mikro-orm 7.2.5's upsertMany keeps both.
# For a memory: an import of notes with different fields wipes what was known about each of them, and says that it went well.
# Here: not used; an update names the columns that it changes (src/store/entries/). The server is PGlite, a PostgreSQL in a package.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts typeorm@1.1.1 reflect-metadata@0.2.2 pg@8.23.1 @electric-sql/pglite@0.5.14 @electric-sql/pglite-socket@0.2.17
cat >try.js <<'JS'
import { PGlite } from '@electric-sql/pglite'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'
import { DataSource, EntitySchema } from 'typeorm'

const db = await PGlite.create()
const server = new PGLiteSocketServer({ db, port: 0, host: '127.0.0.1' })
await server.start()
const port = Number(server.getServerConn().split(':').pop())
const url = `postgres://postgres:postgres@127.0.0.1:${port}/postgres`
const nullable = { type: 'text', nullable: true }
const note = new EntitySchema({ name: 'note', columns: { id: { type: Number, primary: true }, text: nullable, why: nullable } })
const source = new DataSource({ type: 'postgres', url, entities: [note], synchronize: true, installExtensions: false, extra: { max: 1 } })
await source.initialize()
const notes = source.getRepository(note)
const changes = [{ id: 1, text: 'new' }, { id: 2, why: 'new' }]
async function after(change) {
  await notes.clear()
  await notes.insert([{ id: 1, text: 'old', why: 'old' }, { id: 2, text: 'old', why: 'old' }])
  await change()
  return (await notes.find({ order: { id: 'ASC' } })).map(({ text, why }) => `${text} ${why}`)
}
const seen = {
  apart: await after(async () => {
    for (const change of changes) await notes.upsert(change, ['id'])
  }),
  together: await after(() => notes.upsert(changes, ['id'])),
}
await source.destroy()
await server.stop()
await db.close()
console.log(JSON.stringify(seen))
const expected = { apart: ['new old', 'old new'], together: ['new null', 'null new'] }
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
