import {
  type CompiledQuery,
  type ConnectionProvider,
  type DatabaseConnection,
  DefaultQueryExecutor,
  type Dialect,
  type DialectAdapter,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  type QueryCompiler,
  type QueryResult,
} from 'kysely'
import type { Pool, PoolClient } from 'pg'
import { isOnStandby, isReadOnlySince } from './connection/session.ts'
import { PostgresConnection, type TransactionStatements } from './postgres-connection.ts'
import { ListCompiler } from './statements/list-compiler.ts'

class PostgresDriver implements Driver {
  readonly #pool: Pool
  readonly #statements: TransactionStatements

  constructor(pool: Pool, statements: TransactionStatements) {
    this.#pool = pool
    this.#statements = statements
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<PostgresConnection> {
    if (!this.#statements.isWriting)
      return new PostgresConnection(await this.#pool.connect(), this.#statements)
    for (const turns of this.#statements.turns) await turns.take()
    try {
      return new PostgresConnection(await this.#connectToWrite(), this.#statements)
    } catch (error) {
      this.#giveTurns()
      throw error
    }
  }

  #giveTurns(): void {
    for (const turns of this.#statements.turns) turns.give()
  }

  /** A connection that began read-only stays so when the server has long changed. */
  async #connectToWrite(): Promise<PoolClient> {
    const askedAt = performance.now()
    for (;;) {
      const client = await this.#pool.connect()
      const isUnfit = isReadOnlySince(client, askedAt)
      if (!isUnfit && !isOnStandby(client)) return client
      client.release(true)
      if (!isUnfit) throw this.#statements.standbyMet()
    }
  }

  async releaseConnection(connection: PostgresConnection): Promise<void> {
    connection.release()
    this.#giveTurns()
  }

  async beginTransaction(connection: PostgresConnection): Promise<void> {
    try {
      await connection.begin()
    } catch (error) {
      // Of several statements the first may have been done.
      await connection.rollback()
      throw error
    }
  }

  commitTransaction(connection: PostgresConnection): Promise<void> {
    return connection.commit()
  }

  rollbackTransaction(connection: PostgresConnection): Promise<void> {
    return connection.rollback()
  }

  async destroy(): Promise<void> {}
}

/** A Kysely on a pool, which stays the caller's to end. */
export function postgresKysely<Tables>(pool: Pool, statements: TransactionStatements): Kysely<Tables> {
  return new Kysely<Tables>({ dialect: dialectOf(new PostgresDriver(pool, statements)) })
}

type Transactions<Tables> = <T>(fn: (db: Kysely<Tables>) => Promise<T>) => Promise<T>

/**
 * Transactions as Kysely's own, but for this: a statement does not wait here until the one before it was answered, so that those that
 * a caller asks for together go together.
 */
export function postgresTransactions<Tables>(
  pool: Pool,
  statements: TransactionStatements,
): Transactions<Tables> {
  const driver = new PostgresDriver(pool, statements)
  const dialect = dialectOf(driver)
  const [compiler, adapter] = [dialect.createQueryCompiler(), dialect.createAdapter()]
  return async (fn) => {
    const connection = await driver.acquireConnection()
    const open = new OpenConnection(connection)
    const executor = new OpenExecutor(compiler, adapter, open)
    const db = new Kysely<Tables>({ config: { dialect }, driver, dialect, executor })
    try {
      connection.begin().catch(() => {})
      const result = await fn(db)
      await connection.commit()
      return result
    } catch (error) {
      open.isOver = true
      await connection.rollback()
      throw error
    } finally {
      open.isOver = true
      await driver.releaseConnection(connection)
    }
  }
}

/** The connection of one transaction, for as long as that lasts: a statement that comes later would not belong to it. */
class OpenConnection implements ConnectionProvider {
  isOver = false
  readonly #connection: PostgresConnection

  constructor(connection: PostgresConnection) {
    this.#connection = connection
  }

  provideConnection<T>(consumer: (connection: DatabaseConnection) => Promise<T>): Promise<T> {
    if (this.isOver) return Promise.reject(new Error('the transaction is over'))
    return consumer(this.#connection)
  }
}

/** A statement goes straight to the connection: Kysely's own takes four promises for plugins and signals, of which there are none. */
class OpenExecutor extends DefaultQueryExecutor {
  readonly #open: OpenConnection

  constructor(compiler: QueryCompiler, adapter: DialectAdapter, open: OpenConnection) {
    super(compiler, adapter, open)
    this.#open = open
  }

  override executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    return this.#open.provideConnection((connection) => connection.executeQuery<R>(query))
  }
}

function dialectOf(driver: PostgresDriver): Dialect {
  return {
    createDriver: () => driver,
    createAdapter: () => new PostgresAdapter(),
    createIntrospector: (kysely) => new PostgresIntrospector(kysely),
    createQueryCompiler: () => new ListCompiler(),
  }
}
