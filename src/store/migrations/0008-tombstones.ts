import type { Migration } from '../migrate.ts'

/** Which entries were deleted: an export takes it along, so that they do not come back from a copy. */
export const tombstones: Migration = {
  name: '0008-tombstones',
  changesData: false,
  async up(db, { text }) {
    await db.schema
      .createTable('tombstone')
      .addColumn('id', text, (c) => c.primaryKey())
      .addColumn('type', text, (c) => c.notNull())
      .addColumn('version', 'bigint', (c) => c.notNull())
      .addColumn('deleted_at', text, (c) => c.notNull())
      .addColumn('deleted_by', text, (c) => c.notNull())
      .execute()
  },
}
