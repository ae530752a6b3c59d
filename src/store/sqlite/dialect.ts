import type { DatabaseSync, StatementSync } from 'node:sqlite'
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import { LRUCache } from 'lru-cache'
import { isBusy } from './errors.ts'

const CACHED_STATEMENTS = 200

/** One `node:sqlite` connection as a Kysely connection. Statements are prepared once and kept. */
class SqliteConnection implements DatabaseConnection {
  readonly #db: DatabaseSync
  readonly #statements = new LRUCache<string, StatementSync>({ max: CACHED_STATEMENTS })

  constructor(db: DatabaseSync) {
    this.#db = db
  }

  executeQuery<R>({ sql, parameters, query }: CompiledQuery): Promise<QueryResult<R>> {
    try {
      return Promise.resolve(this.#execute<R>(sql, parameters, query.kind))
    } catch (error) {
      return Promise.reject(error)
    }
  }

  streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('not used: results are paged by keyset')
  }

  #execute<R>(sql: string, parameters: readonly unknown[], kind: string): QueryResult<R> {
    const statement = this.#prepare(sql)
    const values = parameters.map(bindable)
    if (kind === 'SelectQueryNode' || statement.columns().length > 0) {
      return { rows: statement.all(...values) as R[] }
    }
    const { changes } = statement.run(...values)
    return { rows: [], numAffectedRows: BigInt(changes) }
  }

  #prepare(sql: string): StatementSync {
    const cached = this.#statements.get(sql)
    if (cached) return cached
    const statement = this.#db.prepare(sql)
    this.#statements.set(sql, statement)
    return statement
  }
}

type Bindable = null | number | bigint | string | Uint8Array

function bindable(value: unknown): Bindable {
  if (value === null || typeof value === 'number' || typeof value === 'string' || typeof value === 'bigint')
    return value
  if (value instanceof Uint8Array) return value
  throw new TypeError(`a ${typeof value} cannot be stored; encode it in the query`)
}

/** SQLite's own wait sleeps longer from look to look, up to a tenth of a second, while the event loop stands still. */
const LOOK_EVERY_MS = 1
/** Longer than the others wait between two looks. */
const YIELD_MS = 2
/** Others that were met so long ago may be gone. */
const REMEMBERED_MS = 100
/** Then the store decides whether it goes on. */
const MOST_WAIT_MS = 2_000

/**
 * Kysely over one connection, handed out to one user at a time. Transactions begin as `begin` says: Kysely's own driver
 * begins deferred, and a deferred transaction that reads and then writes fails with SQLITE_BUSY_SNAPSHOT at once.
 */
class SqliteDriver implements Driver {
  readonly #db: DatabaseSync
  readonly #begin: string
  readonly #connection: SqliteConnection
  #tail: Promise<void> = Promise.resolve()
  #release: () => void = () => {}
  /** When this process wrote last, and when it last found another one writing. */
  #committed = Number.NEGATIVE_INFINITY
  #metOthers = Number.NEGATIVE_INFINITY

  constructor(db: DatabaseSync, begin: string) {
    this.#db = db
    this.#begin = begin
    this.#connection = new SqliteConnection(db)
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    const previous = this.#tail
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#tail = promise
    await previous
    this.#release = resolve
    return this.#connection
  }

  async releaseConnection(): Promise<void> {
    this.#release()
  }

  /** Waits for a writer of another process without standing still, in its place before those of this process. */
  async beginTransaction(): Promise<void> {
    const asked = performance.now()
    // Right after a write this connection pauses where it met other writers, so that they can take their
    // turn.
    if (asked - this.#committed < YIELD_MS && asked - this.#metOthers < REMEMBERED_MS) await pause(YIELD_MS)
    for (;;) {
      try {
        this.#db.exec(this.#begin)
        return
      } catch (error) {
        if (!isBusy(error)) throw error
        this.#metOthers = performance.now()
        if (this.#metOthers - asked > MOST_WAIT_MS) throw error
      }
      await pause(LOOK_EVERY_MS)
    }
  }

  async commitTransaction(): Promise<void> {
    this.#db.exec('commit')
    this.#committed = performance.now()
  }

  async rollbackTransaction(): Promise<void> {
    // A full disk or an I/O error has rolled back already; a second rollback would hide that error.
    if (this.#db.isTransaction) this.#db.exec('rollback')
  }

  /** The code that opened the connection closes it: Kysely destroys only what it has used. */
  async destroy(): Promise<void> {}
}

/** A Kysely on one open connection. `begin` is the statement that starts its transactions. */
export function sqliteKysely<Tables>(
  db: DatabaseSync,
  begin: 'begin immediate' | 'begin deferred',
): Kysely<Tables> {
  const dialect: Dialect = {
    createDriver: () => new SqliteDriver(db, begin),
    createAdapter: () => new SqliteAdapter(),
    createIntrospector: (kysely) => new SqliteIntrospector(kysely),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  }
  return new Kysely<Tables>({ dialect })
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
