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

  async beginTransaction(): Promise<void> {
    this.#db.exec(this.#begin)
  }

  async commitTransaction(): Promise<void> {
    this.#db.exec('commit')
  }

  async rollbackTransaction(): Promise<void> {
    // A full disk or an I/O error has rolled back already; a second rollback would hide that error.
    if (this.#db.isTransaction) this.#db.exec('rollback')
  }

  /** Whoever opened the connection closes it: Kysely destroys only what it has used. */
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
