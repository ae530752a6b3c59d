import { type Kysely, sql } from 'kysely'
import { type Clock, systemClock } from '../../../domain/clock.ts'
import type { Schema } from '../../schema.ts'

/**
 * The clock of the database, which instances on several machines agree on however wrong their own ones are. It is asked now and
 * then, and goes on by this machine's monotonic clock in between: a wall clock that jumps here changes nothing.
 */
export class DatabaseClock implements Clock {
  #said = systemClock.now()
  #at = performance.now()

  /** What the database said, in epoch milliseconds, in answer to a question that was asked at `askedAt` (`performance.now()`). */
  told(epochMs: number, askedAt: number): void {
    const answeredAt = performance.now()
    this.#said = epochMs
    // It was read somewhere on the way.
    this.#at = (askedAt + answeredAt) / 2
  }

  /** Goes on from what another one was told, before anything was asked on these connections. */
  goOnAs(told: DatabaseClock): void {
    this.#said = told.#said
    this.#at = told.#at
  }

  now(): number {
    return Math.floor(this.#said + performance.now() - this.#at)
  }

  monotonic(): number {
    return systemClock.monotonic()
  }
}

/** Asks it now, in epoch milliseconds. */
export async function readClock(db: Kysely<Schema>): Promise<number> {
  const { rows } = await sql<{ now: number }>`
    select floor(extract(epoch from clock_timestamp()) * 1000)::bigint as now`.execute(db)
  return Number(rows[0]?.now)
}
