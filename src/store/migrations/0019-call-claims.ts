import type { Migration } from '../migrate.ts'

/** Whether a call with an idempotency key is still at work, and whether it has changed anything. Of those of before neither is known. */
export const callClaims: Migration = {
  name: '0019-call-claims',
  changesData: false,
  async up(db, { text }) {
    await db.schema.alterTable('answered_call').addColumn('claim_id', text).execute()
    await db.schema
      .alterTable('answered_call')
      .addColumn('claimed_until', 'bigint', (c) => c.notNull().defaultTo(0))
      .execute()
    await db.schema
      .alterTable('answered_call')
      .addColumn('effect', text, (c) => c.notNull().defaultTo('unknown'))
      .execute()
  },
}
