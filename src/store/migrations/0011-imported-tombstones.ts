import type { Migration } from '../migrate.ts'

/** Which place of another program's file a deleted entry was made of: read again, it makes no new one. */
export const importedTombstones: Migration = {
  name: '0011-imported-tombstones',
  changesData: false,
  async up(db, { text }) {
    for (const name of ['scope_id', 'origin', 'digest'])
      await db.schema.alterTable('tombstone').addColumn(name, text).execute()
    await db.schema.createIndex('tombstone_scope').on('tombstone').column('scope_id').execute()
  },
}
