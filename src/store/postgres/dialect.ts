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
import { CommitUnknownError, isAway, isReadOnly } from './errors.ts'
import { isOnStandby, isPooled, isReadOnlySince, isSpent, ON_PRIMARY } from './session.ts'

/** How transactions begin and end. Statements may hold several, sent in one go. */
export interface TransactionStatements {
  /** Through a pooler a transaction says more itself, and its last row tells of a standby. */
  readonly begin: (isPooled: boolean) => string
  readonly commit: string
  /** Writers stand in line in the process already: then they cannot use up the pool while they wait for the server. */
  readonly isWriting: boolean
  /** The error for a transaction that a pooler began on a standby. */
  readonly standbyMet: () => Error
}

/** One connection of the pool as a Kysely connection. One that broke does not go back. */
class PostgresConnection implements DatabaseConnection {
  readonly #client: PoolClient
  readonly #statements: TransactionStatements
  #isBroken = false
  #isInTransaction = false

  constructor(client: PoolClient, statements: TransactionStatements) {
    this.#client = client
    this.#statements = statements
    // While it is lent out nobody else listens; whoever uses it gets the error as an answer.
    client.on('error', this.#onError)
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const isAlone = !this.#isInTransaction && isPooled(this.#client)
    const { command, rowCount, rows } = await (isAlone
      ? this.#runAlone(sql, parameters)
      : this.run(sql, parameters))
    const hasChanged = command === 'INSERT' || command === 'UPDATE' || command === 'DELETE'
    return { rows: (rows ?? []) as R[], ...(hasChanged ? { numAffectedRows: BigInt(rowCount ?? 0) } : {}) }
  }

  streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('not used: results are paged by keyset')
  }

  async begin(): Promise<void> {
    try {
      this.#isInTransaction = true
      const isThroughPooler = isPooled(this.#client)
      const answer: unknown = await this.run(this.#statements.begin(isThroughPooler))
      if (isThroughPooler && tellsOfStandby(answer)) throw this.#statements.standbyMet()
    } catch (error) {
      // Of several statements the first may have been done.
      await this.rollback()
      throw error
    }
  }

  async run(sql: string, parameters: readonly unknown[] = []) {
    try {
      const text = isPooled(this.#client) ? `${ON_PRIMARY}${sql}` : sql
      return await this.#client.query(text, [...parameters])
    } catch (error) {
      if (isAway(error) || isReadOnly(error)) this.#isBroken = true
      throw error
    }
  }

  async commit(statement: string): Promise<void> {
    await this.run(statement)
    this.#isInTransaction = false
  }

  async rollback(): Promise<void> {
    // A rollback that fails must not hide why it was needed; the server ends the transaction of a lost connection.
    await this.run('rollback').catch(() => {
      this.#isBroken = true
    })
    this.#isInTransaction = false
  }

  release(): void {
    this.#client.off('error', this.#onError)
    this.#client.release(this.#isBroken || isSpent(this.#client))
  }

  /** Outside of a transaction the limits would be those of whoever had the server process before. */
  async #runAlone(sql: string, parameters: readonly unknown[]) {
    await this.begin()
    try {
      const result = await this.run(sql, parameters)
      await this.commit('commit')
      return result
    } catch (error) {
      await this.rollback()
      throw error
    }
  }

  readonly #onError = () => {
    this.#isBroken = true
  }
}

/** The last row of several statements. */
function tellsOfStandby(answer: unknown): boolean {
  const results: unknown[] = Array.isArray(answer) ? answer : [answer]
  return results.some(
    (each) =>
      typeof each === 'object' &&
      each !== null &&
      'rows' in each &&
      Array.isArray(each.rows) &&
      each.rows.some((row: { standby?: unknown }) => row.standby === true),
  )
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
    if (!this.#statements.isWriting)
      return new PostgresConnection(await this.#pool.connect(), this.#statements)
    const previous = this.#tail
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#tail = promise
    await previous
    this.#next = resolve
    try {
      return new PostgresConnection(await this.#connectToWrite(), this.#statements)
    } catch (error) {
      resolve()
      throw error
    }
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
    this.#next()
  }

  beginTransaction(connection: PostgresConnection): Promise<void> {
    return connection.begin()
  }

  async commitTransaction(connection: PostgresConnection): Promise<void> {
    try {
      await connection.commit(this.#statements.commit)
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
