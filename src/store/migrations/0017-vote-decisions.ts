import type { Migration } from '../migrate.ts'

/** What was answered as the consensus of a task: later votes do not flip it. */
export const voteDecisions: Migration = {
  name: '0017-vote-decisions',
  changesData: false,
  async up(db, { text }) {
    await db.schema
      .createTable('vote_decision')
      .addColumn('task_id', text, (c) => c.notNull())
      .addColumn('k', 'integer', (c) => c.notNull())
      .addColumn('quorum', 'integer', (c) => c.notNull())
      .addColumn('canonical', text, (c) => c.notNull())
      .addColumn('decided_at', text, (c) => c.notNull())
      .addPrimaryKeyConstraint('vote_decision_pk', ['task_id', 'k', 'quorum'])
      .execute()
  },
}
