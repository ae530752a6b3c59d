import { type Kysely, sql } from 'kysely'
import type { Migration } from '../migrate.ts'

/** A task is one of its scope, and goes with it; those of before are of the global one. A key takes no further column: the tables are made anew. */
export const voteScopes: Migration = {
  name: '0018-vote-scopes',
  changesData: true,
  async up(db, { text }) {
    const inScope = (table: string) =>
      db.schema
        .createTable(`${table}_anew`)
        .addColumn('scope_id', text, (c) => c.notNull().references('scope.id').onDelete('cascade'))
        .addColumn('task_id', text, (c) => c.notNull())
    await inScope('vote')
      .addColumn('agent_id', text, (c) => c.notNull())
      .addColumn('vote_value', text, (c) => c.notNull())
      .addColumn('canonical', text, (c) => c.notNull())
      .addColumn('confidence', 'double precision')
      .addColumn('reasoning', text)
      .addColumn('created_at', text, (c) => c.notNull())
      .addColumn('updated_at', text, (c) => c.notNull())
      .addPrimaryKeyConstraint('scope_vote_pk', ['scope_id', 'task_id', 'agent_id'])
      .execute()
    await inScope('vote_decision')
      .addColumn('k', 'integer', (c) => c.notNull())
      .addColumn('quorum', 'integer', (c) => c.notNull())
      .addColumn('canonical', text, (c) => c.notNull())
      .addColumn('decided_at', text, (c) => c.notNull())
      .addPrimaryKeyConstraint('scope_vote_decision_pk', ['scope_id', 'task_id', 'k', 'quorum'])
      .execute()
    await takePlace(db, 'vote', [
      'task_id',
      'agent_id',
      'vote_value',
      'canonical',
      'confidence',
      'reasoning',
      'created_at',
      'updated_at',
    ])
    await takePlace(db, 'vote_decision', ['task_id', 'k', 'quorum', 'canonical', 'decided_at'])
  },
}

async function takePlace(db: Kysely<unknown>, table: string, columns: readonly string[]): Promise<void> {
  const anew = `${table}_anew`
  const all = sql.join(columns.map((column) => sql.ref(column)))
  await sql`insert into ${sql.table(anew)} (scope_id, ${all}) select 'global', ${all} from ${sql.table(table)}`.execute(
    db,
  )
  await db.schema.dropTable(table).execute()
  await db.schema.alterTable(anew).renameTo(table).execute()
}
