import type { CompiledQuery, DatabaseConnection, QueryResult } from 'kysely'
import type { PoolClient } from 'pg'
import {
  CommitUnknownError,
  isAborted,
  isAway,
  isNoNumber,
  isReadOnly,
  isRefusal,
  isRestedTooLong,
  isStalePlan,
  OtherTablesError,
} from './connection/errors.ts'
import { isPooled, isSpent, ON_PRIMARY } from './connection/session.ts'
import { LOG_LAST, lastOf } from './news/log-last.ts'
import { type Answered, Batch, type Statement } from './statements/batch.ts'
import { StatementNames } from './statements/statement-names.ts'
import { lockLogOf } from './writing/locks.ts'
import type { Turns } from './writing/turns.ts'

/** Reads are of many more texts than writes, and may not take the room of those. */
const namesOf = {
  writes: new StatementNames('agent_memory_'),
  reads: new StatementNames('agent_memory_read_'),
}
/** Connections that have prepared what a transaction does last. */
const prepared = new WeakSet<object>()

/** How transactions begin. */
export interface TransactionStatements {
  /** Through a pooler a transaction says more itself, all in one text, and its last row tells of a standby. */
  readonly begin: (isPooled: boolean) => readonly string[]
  readonly isWriting: boolean
  /** Taken in this order before there is a connection; none for a reader. */
  readonly turns: readonly Turns[]
  /** The error for a transaction that a pooler began on a standby. */
  readonly standbyMet: () => Error
}

interface Asked extends Statement {
  /** It may hold several statements, and goes by itself. */
  readonly isText: boolean
  readonly isCommit?: boolean
}

type Query = Pick<Asked, 'text' | 'values' | 'isText' | 'isCommit'>

/**
 * One connection of the pool as a Kysely connection. One that broke does not go back.
 *
 * Statements that are asked for at the same moment go to the server together, and so does what is asked for until they are answered:
 * PostgreSQL does them in order, and none after one that failed.
 */
export class PostgresConnection implements DatabaseConnection {
  readonly #client: PoolClient
  readonly #statements: TransactionStatements
  readonly #isThroughPooler: boolean
  #isBroken = false
  #state: 'outside' | 'beginning' | 'begun' | 'committed' = 'outside'
  #asked: Asked[] = []
  /** Messages that are not answered yet. */
  #underWay = 0
  /** Why PostgreSQL does no more in this transaction. */
  #failure: unknown
  /** Why it does nothing more on this connection. */
  #lost: unknown
  #isCommitSent = false

  constructor(client: PoolClient, statements: TransactionStatements) {
    this.#client = client
    this.#statements = statements
    this.#isThroughPooler = isPooled(client)
    // While it is lent out nothing else listens; its user gets the error as an answer.
    client.on('error', this.#onError)
  }

  async executeQuery<R>({ sql, parameters, query }: CompiledQuery): Promise<QueryResult<R>> {
    const last = lastOf(sql)
    if (last !== undefined) return { rows: (await this.#runLast(last)) as R[] }
    const isText = query.kind === 'RawNode' && parameters.length === 0
    const asked = { text: sql, values: parameters, isText }
    const isAlone = this.#state === 'outside' && this.#isThroughPooler
    const { command, rowCount, rows } = await (isAlone ? this.#runAlone(asked) : this.#run(asked))
    const hasChanged = command === 'INSERT' || command === 'UPDATE' || command === 'DELETE'
    return { rows: (rows ?? []) as R[], ...(hasChanged ? { numAffectedRows: BigInt(rowCount ?? 0) } : {}) }
  }

  streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('not used: results are paged by keyset')
  }

  /** What is asked for right after it goes along with it, and fails with it. */
  async begin(): Promise<void> {
    this.#state = 'beginning'
    this.#failure = undefined
    this.#isCommitSent = false
    const isText = this.#isThroughPooler
    const texts = this.#statements.begin(isText)
    const answers = await Promise.all(texts.map((text) => this.#run({ text, values: [], isText })))
    if (this.#isThroughPooler && tellsOfStandby(answers)) throw this.#fail(this.#statements.standbyMet())
    this.#state = 'begun'
  }

  async commit(): Promise<void> {
    if (this.#state === 'committed') return
    try {
      await this.#run({ ...single('commit'), isCommit: true })
    } catch (error) {
      throw this.#whileCommitting(error)
    }
    this.#state = 'outside'
  }

  async rollback(): Promise<void> {
    if (this.#state === 'committed') return
    for (const { reject } of this.#asked.splice(0)) reject(new Error('the transaction is over'))
    this.#failure = undefined
    this.#state = 'outside'
    // A rollback that fails must not hide why it was needed; the server ends the transaction of a lost connection.
    await this.#run(single('rollback')).catch(() => {
      this.#isBroken = true
    })
  }

  release(): void {
    this.#client.off('error', this.#onError)
    this.#client.release(this.#isBroken || isSpent(this.#client))
  }

  #run({ text: query, ...rest }: Query): Promise<Answered> {
    const text = this.#isThroughPooler ? `${ON_PRIMARY}${query}` : query
    const isNamed = !this.#isThroughPooler && !rest.isText
    const names = this.#statements.isWriting ? namesOf.writes : namesOf.reads
    const name = isNamed ? names.nameOf(text) : undefined
    return new Promise((resolve, fail) => {
      const reject = (error: unknown) => {
        if (isAway(error) || isReadOnly(error) || isStalePlan(error)) this.#isBroken = true
        fail(this.#fail(error))
      }
      if (this.#asked.push({ text, name, resolve, reject, ...rest }) === 1) process.nextTick(this.#flush)
    })
  }

  #fail(error: unknown): unknown {
    this.#failure ??= error
    return isAborted(error) ? this.#failure : error
  }

  readonly #flush = (): void => {
    if (this.#underWay > 0 || this.#asked.length === 0) return
    const failure = (this.#state === 'outside' ? undefined : this.#failure) ?? this.#lost
    if (failure !== undefined) {
      for (const { reject } of this.#asked.splice(0)) reject(failure)
      return
    }
    const { stream } = this.#client.connection
    const asked = this.#asked.splice(0, this.#howMany())
    this.#isCommitSent ||= asked.some(({ isCommit }) => isCommit)
    stream.cork()
    for (const message of messagesOf(asked)) {
      this.#underWay++
      const answered = () => {
        this.#underWay--
        this.#flush()
      }
      this.#send(message).then(answered, answered)
    }
    stream.uncork()
  }

  /** Through a pooler one after the other. Outside of a transaction, should its begin fail, no text may follow. */
  #howMany(): number {
    if (this.#isThroughPooler) return 1
    const texts = this.#asked.findIndex(({ isText }) => isText)
    return this.#state === 'beginning' && texts > 0 ? texts : this.#asked.length
  }

  async #send(message: readonly [Asked, ...Asked[]]): Promise<void> {
    const [{ text, isText, resolve, reject }] = message
    if (!isText) return this.#client.query(new Batch(this.#client, message)).answered
    await this.#client.query<Answered['rows'][number]>(text).then(resolve, reject)
  }

  /** A pooler may give the next transaction another server process, which has prepared nothing. */
  async #runLast({ identity, json }: NonNullable<ReturnType<typeof lastOf>>): Promise<unknown[]> {
    if (!this.#isThroughPooler && !prepared.has(this.#client)) {
      await this.#run(single(`prepare ${LOG_LAST.name}(text) as ${LOG_LAST.text}`))
      prepared.add(this.#client)
    }
    const statement = this.#isThroughPooler
      ? LOG_LAST.text.replaceAll('$1', () => json)
      : `execute ${LOG_LAST.name}(${json})`
    const text = `${lockLogOf(identity)}; ${statement}; commit`
    try {
      const answers = await this.#run({ text, values: [], isText: true, isCommit: true })
      this.#state = 'committed'
      return rowsOf(answers)
    } catch (error) {
      throw isNoNumber(error) ? new OtherTablesError() : this.#whileCommitting(error)
    }
  }

  /**
   * What went wrong while a commit was asked for. It was not reached where it was not sent, where the server refused a statement before
   * it, or ended the transaction for want of it.
   */
  #whileCommitting(error: unknown): unknown {
    if (this.#failure !== error && isRefusal(this.#failure)) return this.#failure
    if (!this.#statements.isWriting || !this.#isCommitSent) return error
    if (!isAway(error) || isRestedTooLong(error)) return error
    return new CommitUnknownError('the answer to COMMIT is missing', { cause: error })
  }

  /** Outside of a transaction the limits would be those of the server process's previous client. */
  async #runAlone(query: Query): Promise<Answered> {
    try {
      await this.begin()
      const answer = await this.#run(query)
      await this.commit()
      return answer
    } catch (error) {
      await this.rollback()
      throw error
    }
  }

  readonly #onError = (error: unknown) => {
    this.#isBroken = true
    this.#lost ??= error
  }
}

function single(text: string): Query {
  return { text, values: [], isText: false }
}

/** Single statements in a row are one message, a text is one by itself. */
function messagesOf(asked: readonly Asked[]): readonly (readonly [Asked, ...Asked[]])[] {
  const messages: [Asked, ...Asked[]][] = []
  for (const statement of asked) {
    const message = messages.at(-1)
    if (message && !statement.isText && !message[0].isText) message.push(statement)
    else messages.push([statement])
  }
  return messages
}

/** All rows that several statements answered. */
function rowsOf(answer: unknown): unknown[] {
  const results: unknown[] = Array.isArray(answer) ? answer.flat() : [answer]
  return results.flatMap((each) =>
    typeof each === 'object' && each !== null && 'rows' in each && Array.isArray(each.rows) ? each.rows : [],
  )
}

function tellsOfStandby(answer: unknown): boolean {
  return rowsOf(answer).some(
    (row) => typeof row === 'object' && row !== null && 'standby' in row && row.standby === true,
  )
}
