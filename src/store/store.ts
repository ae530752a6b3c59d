import type { Kysely } from 'kysely'
import { AppError } from '../domain/errors.ts'
import type { Change, MemoryEvent } from '../domain/event.ts'
import type { Reader, Writer } from './access.ts'
import { appendChanges, bumpVersions, trimLog } from './change-log.ts'
import type { Database } from './database.ts'
import { type DatabaseIdentity, readDatabaseIdentity } from './identity.ts'
import type { Schema } from './schema.ts'

/** What one committed transaction changed. */
export interface Commit {
  readonly events: readonly MemoryEvent[]
  /** Scope key → its version after the commit. */
  readonly versions: ReadonlyMap<string, number>
}

export interface WriteUnit {
  readonly db: Writer
  /** States a change; it is logged, and its scope keys move, as the last statements before the commit. */
  record(change: Change): void
}

type CommitListener = (commit: Commit) => void | Promise<void>

const RETRY_FOR_MS = 15_000
/** Weeks of a busy team. Whoever has not read for longer reads everything again. */
const KEPT_EVENTS = 100_000

/** Owner of every transaction: retries when another process is writing, and tells listeners what was committed. */
export class Store {
  readonly database: Database
  readonly #instanceId: string
  readonly #retryForMs: number
  readonly #keptEvents: number
  readonly #listeners = new Set<CommitListener>()
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
  }

  /** Called after each commit of this process; the writer gets its answer when it is done. Must not throw. */
  onCommit(listener: CommitListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Single statements: each sees the newest committed state. */
  read<T>(fn: (db: Reader) => Promise<T>): Promise<T> {
    return this.#retried(() => fn(this.database.reader))
  }

  /** Several statements that must agree with each other. */
  snapshot<T>(fn: (db: Reader) => Promise<T>): Promise<T> {
    return this.#retried(() => this.database.snapshot(fn))
  }

  /** One write transaction, run again from the start when the database was busy: `fn` must have no other effect. */
  async write<T>(fn: (unit: WriteUnit) => Promise<T>): Promise<T> {
    const { result, commit } = await this.#retried(() => this.database.transaction((db) => this.#run(db, fn)))
    for (const listener of this.#listeners) await listener(commit)
    return result
  }

  /** What `write` would answer; whatever it did is taken back, and nobody hears of it. */
  async rehearse<T>(fn: (unit: WriteUnit) => Promise<T>): Promise<T> {
    const undone = new Undone()
    let outcome: { readonly result: T } | undefined
    try {
      await this.#retried(() =>
        this.database.transaction(async (db) => {
          outcome = { result: await fn({ db: db as Writer, record: () => {} }) }
          throw undone
        }),
      )
    } catch (error) {
      if (error === undone && outcome) return outcome.result
      throw error
    }
    throw undone
  }

  /** Who the database is. Its secret goes nowhere out of this process. */
  identity(): Promise<DatabaseIdentity> {
    return this.read(readDatabaseIdentity)
  }

  close(): Promise<void> {
    this.#closing ??= this.database.close()
    return this.#closing
  }

  async #run<T>(
    db: Kysely<Schema>,
    fn: (unit: WriteUnit) => Promise<T>,
  ): Promise<{ result: T; commit: Commit }> {
    const changes: Change[] = []
    // The one place where a transaction becomes a Writer.
    const result = await fn({ db: db as Writer, record: (change) => changes.push(change) })
    if (changes.length === 0) return { result, commit: { events: [], versions: new Map() } }
    const versions = await bumpVersions(db, changes)
    const events = await appendChanges(db, changes, versions, this.#instanceId)
    await trimLog(db, events, this.#keptEvents)
    return { result, commit: { events, versions } }
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

/** Takes a transaction back that went well. */
class Undone extends AppError {
  constructor() {
    super('DATABASE_ERROR', 'A rehearsal was to be taken back.')
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
