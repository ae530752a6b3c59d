import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely'
import type { Pool, PoolClient } from 'pg'
import { CommitUnknownError, isAway } from './errors.ts'

/** One connection of the pool as a Kysely connection. One that broke does not go back. */
class PostgresConnection implements DatabaseConnection {
  readonly #client: PoolClient
  #isBroken = false

  constructor(client: PoolClient) {
    this.#client = client
    // While it is lent out nobody else listens; whoever uses it gets the error as an answer.
    client.on('error', this.#onError)
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const { command, rowCount, rows } = await this.run(sql, parameters)
    const hasChanged = command === 'INSERT' || command === 'UPDATE' || command === 'DELETE'
    return { rows: (rows ?? []) as R[], ...(hasChanged ? { numAffectedRows: BigInt(rowCount ?? 0) } : {}) }
  }

  streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('not used: results are paged by keyset')
  }

  async run(sql: string, parameters: readonly unknown[] = []) {
    try {
      return await this.#client.query(sql, [...parameters])
    } catch (error) {
      if (isAway(error)) this.#isBroken = true
      throw error
    }
  }

  async rollback(): Promise<void> {
    // A rollback that fails must not hide why it was needed; the server ends the transaction of a lost connection.
    await this.run('rollback').catch(() => {
      this.#isBroken = true
    })
  }

  release(): void {
    this.#client.off('error', this.#onError)
    this.#client.release(this.#isBroken)
  }

  readonly #onError = () => {
    this.#isBroken = true
  }
}

/** How transactions begin and end. Statements may hold several, sent in one go. */
export interface TransactionStatements {
  readonly begin: string
  readonly commit: string
  /** Writers stand in line in the process already: then they cannot use up the pool while they wait for the server. */
  readonly isWriting: boolean
}

class PostgresDriver implements Driver {
  readonly #pool: Pool
  readonly #statements: TransactionStatements
  #tail: Promise<void> = Promise.resolve()
  #next: () => void = () => {}

  constructor(pool: Pool, statements: TransactionStatements) {
    this.#pool = pool
    this.#statements = statements
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<PostgresConnection> {
    if (!this.#statements.isWriting) return new PostgresConnection(await this.#pool.connect())
    const previous = this.#tail
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#tail = promise
    await previous
    this.#next = resolve
    try {
      return new PostgresConnection(await this.#pool.connect())
    } catch (error) {
      resolve()
      throw error
    }
  }

  async releaseConnection(connection: PostgresConnection): Promise<void> {
    connection.release()
    this.#next()
  }

  async beginTransaction(connection: PostgresConnection): Promise<void> {
    try {
      await connection.run(this.#statements.begin)
    } catch (error) {
      // Of several statements the first may have been done.
      await connection.rollback()
      throw error
    }
  }

  async commitTransaction(connection: PostgresConnection): Promise<void> {
    try {
      await connection.run(this.#statements.commit)
    } catch (error) {
      if (!this.#statements.isWriting || !isAway(error)) throw error
      throw new CommitUnknownError('the answer to COMMIT is missing', { cause: error })
    }
  }

  rollbackTransaction(connection: PostgresConnection): Promise<void> {
    return connection.rollback()
  }

  async destroy(): Promise<void> {}
}

/** A Kysely on a pool, which stays the caller's to end. */
export function postgresKysely<Tables>(pool: Pool, statements: TransactionStatements): Kysely<Tables> {
  const dialect: Dialect = {
    createDriver: () => new PostgresDriver(pool, statements),
    createAdapter: () => new PostgresAdapter(),
    createIntrospector: (kysely) => new PostgresIntrospector(kysely),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  }
  return new Kysely<Tables>({ dialect })
}
