import type { Kysely } from 'kysely'
import { AppError } from '../../domain/errors.ts'
import type { Commit } from '../change-log.ts'
import { type Database, type JointTransactions, NotTogetherError } from '../database.ts'
import type { Schema } from '../schema.ts'
import { Gathering, type Take } from './gathering.ts'
import { type JointUnit, unitAmongOthers, type WriteUnit } from './write-unit.ts'

/** A write that may share its transaction with others of its process. */
export interface JointWrite {
  /** Whose entries it changes, unless its words mean another scope by now. */
  readonly scopeId: string
  /** Answers with what ends the call well, once all is committed. */
  readonly run: (unit: WriteUnit) => Promise<() => void>
  /** The whole write in a transaction of its own, up to the end of the call. */
  readonly alone: () => Promise<void>
  readonly fail: (error: unknown) => void
}

interface JointParts {
  readonly database: Database
  readonly instanceId: string
  /** Lets listeners know of a commit. */
  readonly committed: (commit: Commit) => Promise<void>
}

/** What becomes of a write once the transaction is over. */
type End = () => void | Promise<void>

interface Ending {
  /** Where the transaction is committed. */
  readonly end: End
  /** Whether the transaction holds something of it. */
  readonly isShared: boolean
}

/**
 * Writes that are asked for while others are under way, in one transaction: one begin, one turn at the log, one flush of the disk. What
 * goes wrong with one of them is not felt by the others: whatever it did is taken back with the transaction, and each is made by itself.
 */
export class JointWrites {
  readonly #transactions: JointTransactions
  readonly #parts: JointParts
  readonly #gathering: Gathering<JointWrite>

  constructor(transactions: JointTransactions, parts: JointParts) {
    this.#transactions = transactions
    this.#parts = parts
    this.#gathering = transactions.takeTurns
      ? new Gathering((take) => this.#beginInTurn(take), { joinsUntilBegun: true })
      : new Gathering((take) => this.#begin(take()))
  }

  add(write: JointWrite): void {
    this.#gathering.add(write)
  }

  async #begin(writes: readonly JointWrite[]): Promise<void> {
    const [only] = writes
    if (only && writes.length === 1) return only.alone()
    const ends = await this.#together(() => writes)
    await Promise.all(ends.map((end) => end()))
  }

  /** With all that have come until the transaction begins. Those that go by themselves after it hold up nobody: they take their turn. */
  async #beginInTurn(take: Take<JointWrite>): Promise<void> {
    for (const end of await this.#together(take)) void end()
  }

  async #together(take: Take<JointWrite>): Promise<readonly End[]> {
    const { database, committed } = this.#parts
    let taken: readonly JointWrite[] | undefined
    const writes = () => {
      taken ??= take()
      return taken
    }
    let endings: readonly Ending[] = []
    // What the transaction holds nothing of is made by itself, whatever became of the others.
    const failed = (error: unknown) =>
      writes().map(({ alone, fail }, at) => (endings[at]?.isShared === false ? alone : () => fail(error)))
    let commit: Commit
    try {
      commit = await this.#transactions.transaction(async (db) => {
        const run = await this.#run(db, writes())
        endings = run.endings
        return this.#log(db, run.units)
      })
    } catch (error) {
      // Made again it could be stored twice.
      if (this.#transactions.isCommitUnknown(error)) return failed(database.toAppError(error))
      return writes().map(({ alone }) => alone)
    }
    // Nor is anything made again from here on.
    return committed(commit).then(() => endings.map(({ end }) => end), failed)
  }

  async #run(db: Kysely<Schema>, writes: readonly JointWrite[]) {
    const claimed = claim(db, this.#transactions, writes)
    const begun = writes.map((write) => {
      const unit = unitAmongOthers(db, write.scopeId, claimed)
      return { unit, ending: endingOf(write, unit) }
    })
    const endings = await Promise.all(begun.map(({ ending }) => ending))
    return { endings, units: begun.map(({ unit }) => unit) }
  }

  async #log(db: Kysely<Schema>, units: readonly JointUnit[]): Promise<Commit> {
    const changes = units.flatMap((unit) => unit.changes)
    const underWay = units.flatMap((unit) => unit.underWay)
    const { database, instanceId } = this.#parts
    const by = { instanceId, now: database.clock.now(), hasAllLocks: false, underWay }
    if (changes.length > 0) return database.logLast(db, changes, by)
    await Promise.all(underWay)
    return { events: [], versions: new Map<string, number>() }
  }
}

/**
 * The scopes that nobody else has: who waited for one of several would hold up those that have the others. Where all want the same one
 * they wait for it together.
 */
async function claim(
  db: Kysely<Schema>,
  transactions: JointTransactions,
  writes: readonly JointWrite[],
): Promise<ReadonlySet<string>> {
  const wanted = [...new Set(writes.map(({ scopeId }) => scopeId))]
  const [only] = wanted
  if (only === undefined || wanted.length > 1) return transactions.claimFree(db, wanted)
  await transactions.claimScope(db, only)
  return new Set(wanted)
}

/** One that is refused before it has written anything leaves the transaction as it was; any other ends it for all. */
async function endingOf({ run, alone, fail }: JointWrite, unit: JointUnit): Promise<Ending> {
  try {
    return { end: await run(unit), isShared: true }
  } catch (error) {
    if (!(error instanceof AppError) || unit.hasBegun()) throw error
    return { end: error instanceof NotTogetherError ? alone : () => fail(error), isShared: false }
  }
}
