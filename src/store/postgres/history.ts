import { hash } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import { AppError } from '../../domain/errors.ts'
import type { Writer } from '../access.ts'
import { NeedsAllLocksError } from '../database.ts'
import { LOST_VERSIONS, raiseNumbers } from '../leases/raise-numbers.ts'
import { requireKnown } from '../migrate.ts'
import type { Schema } from '../schema.ts'
import { readClock } from './connection/database-clock.ts'
import { isAway } from './connection/errors.ts'
import { raiseSequences } from './sequences.ts'

/** The row of `counter` that names the history that numbers were last given out in, and as its value the rows. */
const PREFIX = 'history '
/** The value where the program that wrote it looked at the server alone. */
const UNKNOWN_ROWS = 1

/** Which server and timeline it is: a standby that is promoted, a restore to a moment and a copy elsewhere begin another. */
const SERVER = sql<string>`(select system_identifier::text from pg_control_system()) || '/'
  || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8)`
/** No dump holds who wrote its rows: those that are put back, into new tables or into the same, were written by another transaction. */
const ROWS = sql<{
  database: number
  identity: string
}>`select xmin::text as identity,
  (select oid from pg_database where datname = current_database()) as database from memory_identity`

/** What is written meanwhile would be in the way of the rows that are put back. */
export const EMPTIED =
  'The tables of the memory were emptied: nothing is written until the rows of a dump, memory_identity too, are put back.'

/** For so long (ms) a writer goes by its last look. What it would miss meanwhile the end of its transaction finds (`identity`). */
const LOOK_AGAIN_MS = 1_000

interface HistoryOptions {
  readonly isKept: boolean
  /** The one that this program knows. */
  readonly schemaVersion: number
}

/** What one transaction goes by. */
export interface Look {
  /** The transaction that wrote the row that a writer takes its turn by. */
  readonly identity: number | undefined
  /** Up to which version entries may have been read in states that were taken back. */
  readonly lostVersions: number
  /** Whether another history has begun. */
  readonly isOther: boolean
  readonly at: number
  readonly turn: number
}

interface Present {
  readonly name: string
  readonly rows: number
  readonly identity: number
}

/**
 * A standby that is promoted may lack the last commits of its primary, and a dump all that came after it, and with them numbers that
 * were given out: a new history goes on above them. Asked at the first write on every new connection, since no connection outlives its
 * server, and now and then, since a dump may be restored under one.
 */
export class History {
  /** Some services do not allow the question for the server, or know no timelines. */
  readonly #isServerKnown: boolean
  readonly #isKept: boolean
  readonly #schemaVersion: number
  /** What the last transaction that looked and was committed has found. */
  #last: Look
  /** How often it was not to be gone by any more. */
  #turn = 0

  private constructor(isServerKnown: boolean, { isKept, schemaVersion }: HistoryOptions) {
    this.#isServerKnown = isServerKnown
    this.#isKept = isKept
    this.#schemaVersion = schemaVersion
    this.#last = {
      identity: undefined,
      lostVersions: 0,
      isOther: false,
      at: Number.NEGATIVE_INFINITY,
      turn: 0,
    }
  }

  static async open(db: Kysely<unknown>, options: HistoryOptions): Promise<History> {
    return new History(options.isKept && (await isServerKnown(db)), options)
  }

  /** Another connection was made, or the rows are not those that they were. */
  connected(): void {
    this.#turn++
  }

  /**
   * Inside a write transaction, before anything else; the transaction goes by what is found here to its end, whatever others find
   * meanwhile. `isPooled`: another server may stand behind the same connection. Throws where a newer program has brought the tables up
   * to date: what this one writes would not fit.
   */
  async look(
    db: Kysely<Schema>,
    { isPooled, hasAllLocks }: { readonly isPooled: boolean; readonly hasAllLocks: boolean },
  ): Promise<Look> {
    const [last, turn, at] = [this.#last, this.#turn, performance.now()]
    if (!this.#isKept) return last
    if (!isPooled && turn === last.turn && at - last.at < LOOK_AGAIN_MS) return { ...last, isOther: false }
    const [present, known, version] = await Promise.all([this.#present(db), readKnown(db), tablesVersion(db)])
    requireKnown(version, this.#schemaVersion)
    const { name, rows, identity } = present
    const same = known.get(name)
    let lostVersions = known.get(LOST_VERSIONS) ?? 0
    known.delete(LOST_VERSIONS)
    if (same !== rows) {
      if (!hasAllLocks) throw new NeedsAllLocksError()
      if (known.size > 0 && same !== UNKNOWN_ROWS) lostVersions = await goOnAbove(db)
      await remember(db, present)
    }
    return { identity, lostVersions, isOther: same !== rows || identity !== last.identity, at, turn }
  }

  /** What was found is true for others once its transaction is committed: what it wrote about it would be taken back with it. */
  committed(look: Look): void {
    if (look.turn === this.#turn && look.at > this.#last.at) this.#last = look
  }

  async #present(db: Kysely<Schema>): Promise<Present> {
    const { rows } = await ROWS.execute(db)
    const [row] = rows
    if (!row) throw new AppError('DATABASE_ERROR', EMPTIED)
    const { database, identity } = row
    const server = this.#isServerKnown ? await readServer(db) : ''
    const digest = hash('sha256', `${database}/${identity}`, 'hex')
    return {
      name: PREFIX + server,
      rows: Number.parseInt(digest.slice(0, 12), 16),
      identity: Number(identity),
    }
  }
}

/** The one that whoever migrated last has left. */
export async function tablesVersion(db: Kysely<Schema>): Promise<number> {
  const { rows } = await sql<{ version: number }>`
    select max(version) as version from schema_migration`.execute(db)
  return Number(rows[0]?.version)
}

async function readKnown(db: Kysely<Schema>): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('counter')
    .selectAll()
    .where((eb) => eb.or([eb('name', 'like', `${PREFIX}%`), eb('name', '=', LOST_VERSIONS)]))
    .execute()
  return new Map(rows.map(({ name, value }) => [name, Number(value)]))
}

/** Answers up to which version entries may have been read. */
export async function goOnAbove(db: Kysely<Schema>): Promise<number> {
  return raiseNumbers(db as Writer, { now: await readClock(db), continueNumbers: raiseSequences })
}

async function remember(db: Kysely<Schema>, { name, rows }: Present): Promise<void> {
  await db.deleteFrom('counter').where('name', 'like', `${PREFIX}%`).execute()
  await db.insertInto('counter').values({ name, value: rows }).execute()
}

async function readServer(db: Kysely<unknown> | Kysely<Schema>): Promise<string> {
  const { rows } = await sql<{ server: string }>`select ${SERVER} as server`.execute(db)
  return rows[0]?.server ?? ''
}

async function isServerKnown(db: Kysely<unknown>): Promise<boolean> {
  try {
    await readServer(db)
    return true
  } catch (error) {
    if (isAway(error)) throw error
    return false
  }
}
