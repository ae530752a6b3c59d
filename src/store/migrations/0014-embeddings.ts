import type { Migration } from '../migrate.ts'

/** What a model makes of entries, an index for each model. All of it can be made again. */
export const embeddings: Migration = {
  name: '0014-embeddings',
  changesData: false,
  async up(db, { text }) {
    await db.schema
      .createTable('embedding')
      .addColumn('model', text, (c) => c.notNull())
      .addColumn('entry_id', text, (c) => c.notNull().references('entry.id').onDelete('cascade'))
      .addColumn('version', 'bigint', (c) => c.notNull())
      .addColumn('vector', text, (c) => c.notNull())
      .addColumn('made_at', text, (c) => c.notNull())
      .addPrimaryKeyConstraint('embedding_pk', ['model', 'entry_id'])
      .execute()
    await db.schema.createIndex('embedding_entry').on('embedding').column('entry_id').execute()
    await db.schema
      .createTable('embedding_index')
      .addColumn('model', text, (c) => c.primaryKey())
      .addColumn('dimensions', 'integer')
      .addColumn('is_active', 'integer', (c) => c.notNull())
      .addColumn('log_id', 'bigint', (c) => c.notNull())
      .addColumn('rebuild_seq', 'bigint', (c) => c.notNull())
      .addColumn('started_at', text, (c) => c.notNull())
      .addColumn('claimed_by', text)
      .addColumn('claimed_until', 'bigint', (c) => c.notNull())
      .execute()
  },
}
