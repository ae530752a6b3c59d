import { AsyncLocalStorage } from 'node:async_hooks'
import type { Kysely } from 'kysely'
import { claimUnderWay } from '../domain/call-claim.ts'
import { AppError } from '../domain/errors.ts'
import { callReads } from '../domain/reading/call-reads.ts'
import type { Reader } from './access.ts'
import { takeEffect } from './answered-calls.ts'
import { type Commit, isTimeToTrim, trimLog } from './change-log.ts'
import { type Database, NeedsAllLocksError, type SharedWrites } from './database.ts'
import { type DatabaseIdentity, readDatabaseIdentity } from './identity.ts'
import { Lines } from './lines.ts'
import type { Schema } from './schema.ts'
import { JointWrites } from './writing/joint-writes.ts'
import {
  type RecordingUnit,
  unitOfLeases,
  unitOfOneScope,
  unitOfOwnRows,
  unitWithAllLocks,
  type WriteUnit,
} from './writing/write-unit.ts'

export type { WriteUnit } from './writing/write-unit.ts'

/** What a write may leave to others while it is under way: all, but for one scope's entries, the file locks or the rows of its own key. */
export interface WriteOptions {
  readonly changes?: 'anything' | 'one scope' | 'leases' | 'own rows'
  /** Writes of one line wait for each other in the process: those that would wait for each other in the database. */
  readonly line?: string
  /** The scope that is likely to be written to, of a write that does no more than add to it: it may share its transaction with others. */
  readonly joins?: string | undefined
}

interface Written<T> {
  readonly result: T
  readonly commit: Commit
}

interface Run<T> {
  readonly unit: RecordingUnit
  readonly fn: (unit: WriteUnit) => Promise<T>
  readonly hasAllLocks: boolean
  /** The write is what its call is for, and not a note beside it. */
  readonly isOfCall: boolean
}

type CommitListener = (commit: Commit) => void | Promise<void>

const RETRY_FOR_MS = 15_000
/** Weeks of a busy team. A reader that was away for longer reads everything again. */
const KEPT_EVENTS = 100_000

/** Owner of every transaction: retries when another process is writing, and tells listeners what was committed. */
export class Store {
  readonly database: Database
  readonly #instanceId: string
  readonly #retryForMs: number
  readonly #keptEvents: number
  readonly #listeners = new Set<CommitListener>()
  readonly #lines = new Lines()
  readonly #joint: JointWrites
  #closing: Promise<void> | undefined

  constructor(
    database: Database,
    instanceId: string,
    { retryForMs = RETRY_FOR_MS, keptEvents = KEPT_EVENTS } = {},
  ) {
    this.database = database
    this.#instanceId = instanceId
    this.#retryForMs = retryForMs
    this.#keptEvents = keptEvents
    const committed = (commit: Commit) => this.#committed(commit)
    this.#joint = new JointWrites(database.jointTransactions, { database, instanceId, committed })
  }

  /** Called after each commit of this process; the writer gets its answer when it is done. Must not throw. */
  onCommit(listener: CommitListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Single statements: each sees the newest committed state. */
  read<T>(fn: (db: Reader) => Promise<T>): Promise<T> {
    callReads()?.spoil()
    return this.#retried(() => fn(this.database.reader))
  }

  /** Several statements that must agree with each other. */
  snapshot<T>(fn: (db: Reader) => Promise<T>): Promise<T> {
    callReads()?.spoil()
    return this.#retried(() => this.database.snapshot(fn))
  }

  /** One write transaction, run again from the start when the database was busy: `fn` must have no other effect. */
  async write<T>(fn: (unit: WriteUnit) => Promise<T>, options: WriteOptions = {}): Promise<T> {
    const alone = async () => {
      const { result, commit } = await this.#written(fn, options)
      await this.#committed(commit)
      return result
    }
    const { joins: scopeId } = options
    // A call with a key marks that key in its own transaction.
    if (scopeId === undefined || claimUnderWay()) return alone()
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    const asCalled = AsyncLocalStorage.snapshot()
    this.#joint.add({
      scopeId,
      run: async (unit) => {
        const result = await asCalled(() => fn(unit))
        return () => resolve(result)
      },
      alone: () => asCalled(alone).then(resolve, reject),
      fail: reject,
    })
    return promise
  }

  async #committed(commit: Commit): Promise<void> {
    for (const listener of this.#listeners) await listener(commit)
    if (isTimeToTrim(commit.events)) await this.#trim(commit.events.at(-1)?.seq ?? 0)
  }

  /** What `write` would answer; whatever it did is taken back, and no subscriber hears of it. */
  async rehearse<T>(fn: (unit: WriteUnit) => Promise<T>): Promise<T> {
    const undone = new Undone()
    let outcome: { readonly result: T } | undefined
    try {
      await this.#retried(() =>
        this.database.transaction(async (db) => {
          const unit = unitWithAllLocks(db)
          outcome = { result: await fn(unit) }
          await Promise.all(unit.underWay)
          throw undone
        }),
      )
    } catch (error) {
      if (error === undone && outcome) return outcome.result
      throw error
    }
    throw undone
  }

  /** True for the error of a write that the database is not open to: nothing is wrong with what was to be written. */
  isReadOnly(error: unknown): boolean {
    return error instanceof AppError && this.database.isReadOnly(error.cause)
  }

  /** The database's id and secret. The secret does not leave this process. */
  identity(): Promise<DatabaseIdentity> {
    return this.read(readDatabaseIdentity)
  }

  close(): Promise<void> {
    this.#closing ??= this.database.close()
    return this.#closing
  }

  async #written<T>(
    fn: (unit: WriteUnit) => Promise<T>,
    { changes = 'anything', line }: WriteOptions,
  ): Promise<Written<T>> {
    const { sharedWrites: shared } = this.database
    const isOfCall = changes !== 'own rows'
    if (shared === null || changes === 'anything') return this.#alone(fn, isOfCall)
    const beside = () =>
      this.#retried(() =>
        shared.transaction(async (db) => {
          const unit = await unitBeside(db, shared, changes)
          return this.#run(db, { unit, fn, hasAllLocks: false, isOfCall })
        }),
      )
    try {
      return await (line === undefined ? beside() : this.#lines.run(line, beside))
    } catch (error) {
      if (!(error instanceof NeedsAllLocksError)) throw error
      return this.#alone(fn, isOfCall)
    }
  }

  #alone<T>(fn: (unit: WriteUnit) => Promise<T>, isOfCall: boolean): Promise<Written<T>> {
    return this.#retried(() =>
      this.database.transaction((db) =>
        this.#run(db, { unit: unitWithAllLocks(db), fn, hasAllLocks: true, isOfCall }),
      ),
    )
  }

  async #run<T>(db: Kysely<Schema>, { unit, fn, hasAllLocks, isOfCall }: Run<T>): Promise<Written<T>> {
    const result = await fn(unit)
    const { changes, underWay } = unit
    if (changes.length > 0) {
      const claim = isOfCall ? claimUnderWay() : undefined
      if (claim) await takeEffect(db, claim)
      const now = this.database.clock.now()
      const by = { instanceId: this.#instanceId, now, hasAllLocks, underWay }
      return { result, commit: await this.database.logLast(db, changes, by) }
    }
    await Promise.all(underWay)
    return { result, commit: { events: [], versions: new Map() } }
  }

  /** The caller's change is made, whatever becomes of this; the next writer whose turn it is tries again. */
  async #trim(last: number): Promise<void> {
    const { transaction } = this.database.sharedWrites ?? this.database
    await transaction((db) => trimLog(db, last, this.#keptEvents)).catch(() => {})
  }

  async #retried<T>(attempt: () => Promise<T>): Promise<T> {
    const deadline = performance.now() + this.#retryForMs
    for (let tries = 0; ; tries++) {
      try {
        return await attempt()
      } catch (error) {
        if (error instanceof AppError) throw error
        if (this.#closing)
          throw new AppError('DATABASE_ERROR', 'The server is shutting down.', { cause: error })
        const retryAfterMs = this.database.retryAfterMs(error, tries)
        if (retryAfterMs === null || performance.now() > deadline) throw this.database.toAppError(error)
        await pause(retryAfterMs)
      }
    }
  }
}

function unitBeside(
  db: Kysely<Schema>,
  shared: SharedWrites,
  changes: Exclude<WriteOptions['changes'], 'anything' | undefined>,
): RecordingUnit | Promise<RecordingUnit> {
  if (changes === 'leases') return unitOfLeases(db, shared)
  return changes === 'one scope' ? unitOfOneScope(db, shared) : unitOfOwnRows(db)
}

/** Takes a transaction back that went well. */
class Undone extends AppError {
  constructor() {
    super('DATABASE_ERROR', 'A rehearsal was to be taken back.')
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
