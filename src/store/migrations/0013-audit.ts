import type { Migration } from '../migrate.ts'

/** The change log for good: each row holds the hash of the one before it. */
export const audit: Migration = {
  name: '0013-audit',
  changesData: false,
  async up(db, { text }) {
    await db.schema
      .createTable('audit')
      .addColumn('seq', 'bigint', (c) => c.primaryKey())
      .addColumn('event_id', text, (c) => c.notNull())
      .addColumn('event', text, (c) => c.notNull())
      .addColumn('prev_hash', text, (c) => c.notNull())
      .addColumn('hash', text, (c) => c.notNull())
      .execute()
    await db.schema.createIndex('audit_event').on('audit').column('event_id').unique().execute()
    await db.schema
      .createTable('audit_head')
      .addColumn('id', 'bigint', (c) => c.primaryKey())
      .addColumn('seq', 'bigint', (c) => c.notNull())
      .addColumn('hash', text, (c) => c.notNull())
      .addColumn('log_id', 'bigint', (c) => c.notNull())
      .execute()
  },
}
