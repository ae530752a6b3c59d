import { type Kysely, sql } from 'kysely'
import { missingProblem } from '../../check/parts.ts'
import { newerSchemaProblem } from '../../migrate.ts'
import type { Schema } from '../../schema.ts'
import { parts } from '../connection/parts.ts'
import type { Sessions } from '../connection/session.ts'
import { EMPTIED, tablesVersion } from '../history.ts'

/** A process that is only slow sends its next statement within this. */
const STILL_AFTER_MS = 1_000

/** What stands in the way of writing, or of reading what was just written. */
export async function writeProblem(
  db: Kysely<Schema>,
  { sessions, schemaVersion }: { readonly sessions: Sessions; readonly schemaVersion: number },
): Promise<string | null> {
  const newer = newerSchemaProblem(await tablesVersion(db), schemaVersion)
  if (newer !== null) return newer
  const missing = await missingProblem(db, parts)
  if (missing !== null) return missing
  const { rows } = await sql<
    Record<'standby' | 'fixed' | 'emptied', boolean>
  >`select pg_is_in_recovery() as standby,
    current_setting('default_transaction_read_only')::boolean as fixed,
    not exists (select from memory_identity) as emptied`.execute(db)
  const { standby = false, fixed = false, emptied = false } = rows[0] ?? {}
  if (standby) return 'PostgreSQL is a standby: nothing can be written, and what is read may be old.'
  if (fixed) return 'PostgreSQL is read-only (default_transaction_read_only): nothing can be written.'
  if (emptied) return EMPTIED
  if (sessions.hasMetStandby)
    return 'Some connections led to a standby and were given up: what stands between here and PostgreSQL must lead to the primary only.'
  const still = await stillFor(db)
  if (still === null) return null
  const limit = Math.ceil(sessions.limits.idleInTransactionMs / 1_000)
  const end = limit > 0 ? `, at the latest after ${limit} s` : ''
  return `A writer (server process ${still.pid}) has stood still in its transaction for ${still.seconds} s: what writes to the same scope, and what changes scopes, waits until it goes on or PostgreSQL ends it${end}.`
}

/** The writer of this memory that has sent nothing for longest, with its locks held; null where each goes on. */
async function stillFor(db: Kysely<Schema>): Promise<{ pid: number; seconds: number } | null> {
  const { rows } = await sql<{ pid: number; seconds: number }>`
    select activity.pid, floor(extract(epoch from clock_timestamp() - activity.state_change))::integer as seconds
    from pg_locks as held join pg_stat_activity as activity on activity.pid = held.pid
    where held.locktype = 'relation' and held.relation = to_regclass('memory_identity') and held.granted
      and held.mode in ('RowExclusiveLock', 'ShareRowExclusiveLock')
      and held.database = (select oid from pg_database where datname = current_database())
      and activity.state like 'idle in transaction%'
      and activity.state_change < clock_timestamp() - ${sql.lit(STILL_AFTER_MS)} * interval '1 millisecond'
    order by activity.state_change limit 1`.execute(db)
  return rows[0] ?? null
}
