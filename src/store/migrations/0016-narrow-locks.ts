import { sql } from 'kysely'
import type { Migration } from '../migrate.ts'

/**
 * Writers of different scopes no longer wait for each other. A program of before, which takes one lock for all of them, finds that
 * lock gone: each of its writes is refused with a sentence that says to start it anew.
 */
export const narrowLocks: Migration = {
  name: '0016-narrow-locks',
  changesData: false,
  async up(db, { parkWriters }) {
    await sql`alter table database_identity rename to memory_identity`.execute(db)
    await parkWriters(db)
  },
}
