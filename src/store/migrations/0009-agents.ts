import type { Migration } from '../migrate.ts'

/** Which agents are at work, and up to which event each has been told what concerns it. */
export const agents: Migration = {
  name: '0009-agents',
  changesData: false,
  async up(db, { text }) {
    await db.schema
      .createTable('agent')
      .addColumn('agent_id', text, (c) => c.primaryKey())
      .addColumn('project_id', text)
      .addColumn('root', text)
      .addColumn('since', text, (c) => c.notNull())
      .addColumn('seen_at', text, (c) => c.notNull())
      .addColumn('told_seq', 'bigint', (c) => c.notNull())
      .execute()
    await db.schema.createIndex('agent_seen').on('agent').column('seen_at').execute()
  },
}
