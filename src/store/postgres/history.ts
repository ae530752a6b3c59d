import { type Kysely, sql } from 'kysely'
import type { Writer } from '../access.ts'
import { NeedsAllLocksError } from '../database.ts'
import { raiseNumbers } from '../leases/raise-numbers.ts'
import type { Schema } from '../schema.ts'
import { isAway } from './connection/errors.ts'
import { raiseSequences } from './sequences.ts'

/** The row of `counter` that names the history that numbers were last given out in. */
const PREFIX = 'history '

/** Which server and timeline it is: a standby that is promoted, a restore to a moment and a copy elsewhere begin another. */
const HISTORY = sql<{ history: string }>`select ${PREFIX}
  || (select system_identifier::text from pg_control_system()) || '/'
  || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8) as history`

/**
 * A standby that is promoted may lack the last commits of its primary, and with them numbers that were given out: a new history goes
 * on above them. Asked at the first write on every new connection, since no connection outlives its server.
 */
export class History {
  readonly #isKnownToServer: boolean
  #isChecked = false

  private constructor(isKnownToServer: boolean) {
    this.#isKnownToServer = isKnownToServer
  }

  /** Some services do not allow this question, or know no timelines. */
  static async open(db: Kysely<unknown>, { isKept }: { readonly isKept: boolean }): Promise<History> {
    return new History(isKept && (await isKnown(db)))
  }

  /** Another connection was made. */
  connected(): void {
    this.#isChecked = false
  }

  /**
   * Inside a write transaction, before anything else; whether another history has begun. `isPooled`: another server may stand behind
   * the same connection.
   */
  async check(
    db: Kysely<Schema>,
    { isPooled, hasAllLocks }: { readonly isPooled: boolean; readonly hasAllLocks: boolean },
  ): Promise<boolean> {
    if (!this.#isKnownToServer || (this.#isChecked && !isPooled)) return false
    const [row] = (await HISTORY.execute(db)).rows
    const known = await db.selectFrom('counter').select('name').where('name', 'like', `${PREFIX}%`).execute()
    this.#isChecked = known.some(({ name }) => name === row?.history)
    if (!row || this.#isChecked) return false
    if (!hasAllLocks) throw new NeedsAllLocksError()
    if (known.length > 0) await raiseNumbers(db as Writer, raiseSequences)
    await db.deleteFrom('counter').where('name', 'like', `${PREFIX}%`).execute()
    await db.insertInto('counter').values({ name: row.history, value: 1 }).execute()
    return true
  }
}

async function isKnown(db: Kysely<unknown>): Promise<boolean> {
  try {
    await HISTORY.execute(db)
    return true
  } catch (error) {
    if (isAway(error)) throw error
    return false
  }
}
