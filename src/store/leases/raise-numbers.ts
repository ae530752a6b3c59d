import { type Kysely, sql } from 'kysely'
import { EPOCH_WIDTH } from '../../domain/leases/epoch-width.ts'
import type { Writer } from '../access.ts'
import type { Schema } from '../schema.ts'
import { LEASE_COUNTERS, takeNumbers } from './counters.ts'

/** More numbers than were taken from the part that this database has lost. */
const TOKENS = 256 * EPOCH_WIDTH
const OTHERS = 1_000_000

/**
 * After a restore, or on a copy that takes the place of a newer state: fencing tokens, the versions that kept answers are judged by
 * and the numbers of events go on above all that was given out and lost. A gap in the log tells listeners to read anew.
 */
export async function raiseNumbers(
  db: Writer,
  continueNumbers: (db: Kysely<Schema>) => Promise<void>,
): Promise<void> {
  await takeNumbers(db, LEASE_COUNTERS.token, TOKENS)
  await takeNumbers(db, LEASE_COUNTERS.ticket, OTHERS)
  await sql`update scope_version set version = version + ${OTHERS}`.execute(db)
  await sql`update change_log set id = id + ${OTHERS}`.execute(db)
  await continueNumbers(db)
}

/** Deletes all leases: their holders do not know of them any more. */
export async function forgetLeases(db: Writer): Promise<number> {
  await db.deleteFrom('lease_waiter').execute()
  const { numDeletedRows } = await db.deleteFrom('lease').executeTakeFirst()
  return Number(numDeletedRows)
}
