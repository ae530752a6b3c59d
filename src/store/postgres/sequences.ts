import { type QueryExecutorProvider, sql } from 'kysely'

// A sequence knows nothing of numbers that were written by hand: by a move, a restore, or logical replication.

const SEQUENCES = [
  ['entry', 'seq'],
  ['change_log', 'id'],
] as const

/** Tables whose sequence would give out a number that a row has. */
export async function sequencesBehind(db: QueryExecutorProvider): Promise<string[]> {
  const behind: string[] = []
  for (const [table, column] of SEQUENCES) {
    const { rows } = await sql<{ behind: boolean }>`
      select coalesce((select max(${sql.ref(column)}) from ${sql.table(table)}), 0) >=
        coalesce(pg_sequence_last_value(pg_get_serial_sequence(${table}, ${column})::regclass), 0) + 1 as behind`.execute(
      db,
    )
    if (rows[0]?.behind) behind.push(table)
  }
  return behind
}

/** Lets each go on above its table; never turns one back. */
export async function raiseSequences(db: QueryExecutorProvider): Promise<void> {
  for (const [table, column] of SEQUENCES) {
    // Of an empty table that never gave one out there is nothing to go on from.
    await sql`select setval(pg_get_serial_sequence(${table}, ${column}), highest) from (select greatest(
      (select max(${sql.ref(column)}) from ${sql.table(table)}),
      pg_sequence_last_value(pg_get_serial_sequence(${table}, ${column})::regclass)) as highest) as found
      where highest is not null`.execute(db)
  }
}
