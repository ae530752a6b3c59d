import type { Kysely } from 'kysely'
import type { Clock } from '../domain/clock.ts'
import { AppError } from '../domain/errors.ts'
import type { Change } from '../domain/event.ts'
import type { Commit } from './change-log.ts'
import type { Schema } from './schema.ts'
import type { SearchIndex } from './search/index.ts'

/** How the two databases may differ; everything else in store/ is written once. */
export interface Database {
  readonly type: 'sqlite' | 'postgresql'
  /** Where it is, as health shows it: never with a secret. */
  readonly place: { readonly path: string } | { readonly address: string }
  /** What has become of that place while it was open, as a sentence; null while all is well. */
  placeProblem(): string | null
  /** What keeps it from being written to, or what is read from being the newest, as a sentence; null while all is well. */
  writeProblem(): Promise<string | null>
  /** Why commits of other processes are not announced here, so that a waiter looks at intervals; null where they are. */
  pollingReason(): string | null
  /** The connections of its pool, and how many calls wait for one; null where there is no pool. */
  pool(): PoolState | null
  /** Single statements outside any transaction: each sees the newest committed state. */
  readonly reader: Kysely<Schema>
  readonly searchIndex: SearchIndex
  readonly schemaVersion: number
  /** Takes away what only entries of a version before needed to be found. */
  dropOlderIndex(db: Kysely<Schema>): Promise<void>
  /** Where the database is, as the machine or the server knows it: a copy of it is in another place. */
  readPlace(): Promise<string>
  /** Runs `fn` on one snapshot that no commit can change. */
  snapshot<T>(fn: (db: Kysely<Schema>) => Promise<T>): Promise<T>
  /** Runs `fn` in one write transaction; the newest committed state is its base. */
  transaction<T>(fn: (db: Kysely<Schema>) => Promise<T>): Promise<T>
  /** Moves the versions that the changes name and writes the log, as the last thing of a transaction: nothing may follow. */
  logLast(db: Kysely<Schema>, changes: readonly Change[], by: LogOptions): Promise<Commit>
  /** Null where one writes at a time anyway. */
  readonly sharedWrites: SharedWrites | null
  /** Those that additions of one process may share. */
  readonly jointTransactions: JointTransactions
  /** What a transaction with many new entries does beside them. */
  readonly bulkWrites: BulkWrites
  /** Lets other processes know soon that this one has committed, where they do not notice it by themselves. */
  announceCommit(): void
  /** How long to wait before the same call is run again from its start; null when that cannot help or could do it twice. */
  retryAfterMs(error: unknown, tries: number): number | null
  /** True where a driver's error says that nothing may be written: by rights, by a setting, on a standby. */
  isReadOnly(error: unknown): boolean
  /** What the caller gets to see of a driver's error. */
  toAppError(error: unknown): AppError
  /**
   * A number that differs from the last one asked for when another process or connection may have committed since.
   * Null where the database cannot tell: then every cached read asks for versions.
   */
  changeToken(): number | null
  /** Calls `listener` soon after another process has committed, where the database tells; news may be lost. */
  watchCommits(listener: () => void): () => void
  /** How often a waiter for another process' commit should look, beside `watchCommits`. */
  readonly pollMs: number
  /** What entries are stamped by: on a server its clock, near enough, which several machines share. */
  readonly clock: Clock
  /** Epoch milliseconds by the database's clock, which several machines share; null for the clock of this machine. */
  readonly readClock: ((db: Kysely<Schema>) => Promise<number>) | null
  close(): Promise<void>
}

export interface LogOptions {
  readonly instanceId: string
  /** Epoch milliseconds, by the clock that entries are stamped by. */
  readonly now: number
  readonly hasAllLocks: boolean
  /** Statements of the transaction that were asked for and not waited for: it ends with all of them or not at all. */
  readonly underWay: readonly Promise<unknown>[]
}

export interface PoolState {
  readonly open: number
  readonly idle: number
  readonly most: number
  readonly waiting: number
}

/** Transactions that several writes of a process may share. */
export interface JointTransactions {
  transaction<T>(fn: (db: Kysely<Schema>) => Promise<T>): Promise<T>
  /**
   * Claims the scope until the end of the transaction: no other writer has it, and what is read from now on
   * is its newest state.
   */
  claimScope(db: Kysely<Schema>, id: string): Promise<void>
  /** Claims those of these scopes that no other writer has, without waiting; answers which. */
  claimFree(db: Kysely<Schema>, ids: readonly string[]): Promise<ReadonlySet<string>>
  /** True for the error of a transaction that may be committed all the same. */
  isCommitUnknown(error: unknown): boolean
  /** One begins when all others have ended, those of other processes too. */
  readonly takeTurns: boolean
}

/** Transactions that write beside each other, each to what it has claimed. No scope comes, changes or goes while one is under way. */
export interface SharedWrites extends JointTransactions {
  claimLeases(db: Kysely<Schema>): Promise<void>
}

/** What makes many new entries in one transaction faster; it ends with the transaction, or before. */
export interface BulkWrites {
  begin(db: Kysely<Schema>): Promise<void>
  /** So many rows were added before, and are now. */
  grown(db: Kysely<Schema>, rows: { readonly from: number; readonly to: number }): Promise<void>
  end(db: Kysely<Schema>): Promise<void>
}

/** What a transaction began beside others turns out to need everything for itself: it is run again so. */
export class NeedsAllLocksError extends AppError {
  constructor() {
    super('DATABASE_ERROR', 'A write was to be made again with all locks.')
  }
}

/** A write that was begun in one transaction with others turns out to need one of its own: it is run again so. */
export class NotTogetherError extends AppError {
  constructor() {
    super('DATABASE_ERROR', 'A write was to be made again by itself.')
  }
}

/** A pause before the next try, longer and more random from try to try. */
export function backoffMs(tries: number): number {
  return Math.random() * Math.min(2 ** tries, 25)
}
