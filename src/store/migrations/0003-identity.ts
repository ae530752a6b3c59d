import { randomBytes, randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { Migration } from '../migrate.ts'

/** Who this database is, and what only those know who can read it. Made once, for every migration runs once. */
export const identity: Migration = {
  name: '0003-identity',
  changesData: false,
  async up(db, { text }) {
    await db.schema
      .createTable('database_identity')
      .addColumn('id', text, (c) => c.primaryKey())
      .addColumn('secret', text, (c) => c.notNull())
      .execute()
    const secret = randomBytes(32).toString('hex')
    await sql`insert into database_identity (id, secret) values (${randomUUID()}, ${secret})`.execute(db)
  },
}
