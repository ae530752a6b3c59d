import type { Migration } from '../migrate.ts'

/** Who may call over HTTP, and which of their calls have been answered already. */
export const http: Migration = {
  name: '0006-http',
  changesData: false,
  async up(db, { text }) {
    await db.schema
      .createTable('api_key')
      .addColumn('id', text, (c) => c.primaryKey())
      .addColumn('hash', text, (c) => c.notNull())
      .addColumn('agent_id', text, (c) => c.notNull())
      .addColumn('name', text)
      .addColumn('created_at', text, (c) => c.notNull())
      .addColumn('created_by', text, (c) => c.notNull())
      .addColumn('expires_at', text)
      .addColumn('revoked_at', text)
      .execute()
    await db.schema.createIndex('api_key_hash').on('api_key').column('hash').unique().execute()
    await db.schema
      .createTable('answered_call')
      .addColumn('agent_id', text, (c) => c.notNull())
      .addColumn('key', text, (c) => c.notNull())
      .addColumn('request_hash', text, (c) => c.notNull())
      .addColumn('instance_id', text, (c) => c.notNull())
      .addColumn('status', 'integer')
      .addColumn('body', text)
      .addColumn('created_at', text, (c) => c.notNull())
      .addPrimaryKeyConstraint('answered_call_pk', ['agent_id', 'key'])
      .execute()
    await db.schema.createIndex('answered_call_age').on('answered_call').column('created_at').execute()
  },
}
