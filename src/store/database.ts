import type { Kysely } from 'kysely'
import type { AppError } from '../domain/errors.ts'
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
  /** Why news of other processes' commits do not come by themselves, so that who waits looks every so often; null where they do. */
  pollingReason(): string | null
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
  /** How long to wait before the same call is run again from its start; null when that cannot help or could do it twice. */
  retryAfterMs(error: unknown, tries: number): number | null
  /** What the caller gets to see of a driver's error. */
  toAppError(error: unknown): AppError
  /**
   * A number that differs from the last one asked for when another process or connection may have committed since.
   * Null where the database cannot tell: then every cached read asks for versions.
   */
  changeToken(): number | null
  /** Calls `listener` soon after another process has committed, where the database tells; news may be lost. */
  watchCommits(listener: () => void): () => void
  /** How often somebody who waits for a commit of another process should look, beside `watchCommits`. */
  readonly pollMs: number
  /** Epoch milliseconds by the database's clock, which several machines share; null for the clock of this machine. */
  readonly readClock: ((db: Kysely<Schema>) => Promise<number>) | null
  close(): Promise<void>
}

/** A pause before the next try, longer and more random from try to try. */
export function backoffMs(tries: number): number {
  return Math.random() * Math.min(2 ** tries, 25)
}
