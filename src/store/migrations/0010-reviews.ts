import { sql } from 'kysely'
import type { Migration } from '../migrate.ts'

/** When an entry is to be looked at again: asked for by scope. */
export const reviews: Migration = {
  name: '0010-reviews',
  changesData: false,
  async up(db, { text }) {
    await db.schema.alterTable('entry').addColumn('review_by', text).execute()
    await sql`create index entry_review_by on entry (scope_id, review_by) where review_by is not null`.execute(
      db,
    )
  },
}
