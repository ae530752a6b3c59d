import type { Migration } from '../migrate.ts'

/** Which agent may do what in which scope. Those of a scope go with it. */
export const permissions: Migration = {
  name: '0012-permissions',
  changesData: false,
  async up(db, { text }) {
    await db.schema
      .createTable('permission')
      .addColumn('id', text, (c) => c.primaryKey())
      .addColumn('grantee', text, (c) => c.notNull())
      .addColumn('permission', text, (c) => c.notNull())
      .addColumn('scope_id', text, (c) => c.notNull().references('scope.id').onDelete('cascade'))
      // Empty for all types: two nulls would not be the same in an index.
      .addColumn('entry_type', text, (c) => c.notNull())
      .addColumn('created_at', text, (c) => c.notNull())
      .addColumn('created_by', text, (c) => c.notNull())
      .execute()
    await db.schema
      .createIndex('permission_grantee')
      .on('permission')
      .columns(['grantee', 'scope_id', 'entry_type'])
      .unique()
      .execute()
    await db.schema.createIndex('permission_scope').on('permission').column('scope_id').execute()
  },
}
