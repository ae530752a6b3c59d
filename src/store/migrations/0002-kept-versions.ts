import type { Migration } from '../migrate.ts'

/** What keeps a version number from ever meaning two contents: of names that were given up, and of scopes. */
export const keptVersions: Migration = {
  name: '0002-kept-versions',
  changesData: false,
  async up(db, { text }) {
    await db.schema
      .createTable('retired_name')
      .addColumn('scope_id', text, (c) => c.notNull().references('scope.id').onDelete('cascade'))
      .addColumn('type', text, (c) => c.notNull())
      .addColumn('name', text, (c) => c.notNull())
      .addColumn('version', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('retired_name_pk', ['scope_id', 'type', 'name'])
      .execute()
    await db.schema
      .createTable('scope_revision')
      .addColumn('scope_id', text, (c) => c.notNull().references('scope.id').onDelete('cascade'))
      .addColumn('version', 'bigint', (c) => c.notNull())
      .addColumn('superseded_at', text, (c) => c.notNull())
      .addColumn('snapshot', text, (c) => c.notNull())
      .addPrimaryKeyConstraint('scope_revision_pk', ['scope_id', 'version'])
      .execute()
  },
}
