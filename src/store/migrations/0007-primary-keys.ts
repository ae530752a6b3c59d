import type { Migration } from '../migrate.ts'

/** Publications and logical replication know a row by its primary key; these two tables had only a long path to go by. */
export const primaryKeys: Migration = {
  name: '0007-primary-keys',
  changesData: false,
  async up(db, { givePrimaryKey }) {
    await givePrimaryKey(db, 'lease')
    await givePrimaryKey(db, 'lease_waiter')
  },
}
