import { type Kysely, sql } from 'kysely'
import type { Reader, Writer } from '../access.ts'
import { LEASE_COUNTERS, takeNumbers } from '../leases/counters.ts'
import type { Schema } from '../schema.ts'
import { createMarker, dropMarker } from './marker.ts'
import { deletePage, hasRows } from './rows.ts'
import { LEFT_BEHIND, MOVED, STEPS, type Table } from './steps.ts'

/**
 * More numbers than the old database gives out between the move and the moment when its last client has
 * switched.
 */
const NUMBERS_LEFT_OUT = 1_000_000

/** The tables with rows that an operation has put there. */
export async function filledTables(db: Reader): Promise<Table[]> {
  const filled: Table[] = []
  for (const table of [...MOVED, ...LEFT_BEHIND]) if (await hasRows(db, table)) filled.push(table)
  return filled
}

/** From here on no server starts on the target, until `endMove`. What was there is to be thrown away first. */
export async function beginMove(db: Writer, source: string): Promise<void> {
  await createMarker(db, { source, position: -1 })
}

/** Takes some rows of the target away, those first that refer to others; true while there may be more. */
export async function throwAway(db: Writer): Promise<boolean> {
  for (const step of STEPS.toReversed()) if (await deletePage(db, step)) return true
  return false
}

/** Makes the target a database like any other. */
export async function endMove(
  db: Writer,
  continueNumbers: (db: Kysely<Schema>) => Promise<void>,
): Promise<void> {
  // A client that still got a fencing token or kept an answer of the old database has an older one than any
  // of this one.
  await takeNumbers(db, LEASE_COUNTERS.token, NUMBERS_LEFT_OUT)
  await sql`update scope_version set version = version + ${NUMBERS_LEFT_OUT}`.execute(db)
  await continueNumbers(db)
  await dropMarker(db)
}
