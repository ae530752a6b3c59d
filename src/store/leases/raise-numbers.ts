import { type Kysely, sql } from 'kysely'
import { EPOCH_WIDTH } from '../../domain/leases/epoch-width.ts'
import type { Writer } from '../access.ts'
import type { Schema } from '../schema.ts'
import { LEASE_COUNTERS, raiseNumber, takeNumbers } from './counters.ts'

/** Row of `counter`: entries and scopes may have been read up to this version before a restore. */
export const LOST_VERSIONS = 'lost_versions'

/** More epochs than began in the part that this database has lost. */
const TOKENS = 256 * EPOCH_WIDTH
/** Enough for 60 years below 2^53. */
const TOKENS_PER_MS = 4_096
const BEGINNING = Date.UTC(2026, 0)

interface Raising {
  /** Epoch milliseconds by the clock of the database. */
  readonly now: number
  readonly continueNumbers: (db: Kysely<Schema>) => Promise<void>
}

/**
 * After a restore, or on a copy that takes the place of a newer state: fencing tokens, versions and the numbers of events go on above
 * all that was given out and lost. By how much goes by the time, so that the same dump may be restored again. A gap in the log tells
 * listeners to read anew. Answers up to which version entries may have been read.
 */
export async function raiseNumbers(db: Writer, { now, continueNumbers }: Raising): Promise<number> {
  const gap = now - BEGINNING
  await raiseNumber(db, LEASE_COUNTERS.token, gap * TOKENS_PER_MS)
  await takeNumbers(db, LEASE_COUNTERS.token, TOKENS)
  await takeNumbers(db, LEASE_COUNTERS.ticket, gap)
  await raiseNumber(db, LOST_VERSIONS, gap)
  await sql`update scope_version set version = version + ${gap}`.execute(db)
  await sql`update change_log set id = id + ${gap}`.execute(db)
  await continueNumbers(db)
  return gap
}

/** Deletes all leases: their holders do not know of them any more. */
export async function forgetLeases(db: Writer): Promise<number> {
  await db.deleteFrom('lease_waiter').execute()
  const { numDeletedRows } = await db.deleteFrom('lease').executeTakeFirst()
  return Number(numDeletedRows)
}
