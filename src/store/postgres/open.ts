import type { Kysely } from 'kysely'
import { newId } from '../../domain/ids.ts'
import { type Database, NeedsAllLocksError } from '../database.ts'
import { lostUpTo } from '../entries/past/lost-versions.ts'
import type { Migration } from '../migrate.ts'
import { MIGRATIONS } from '../migrations/index.ts'
import type { Schema } from '../schema.ts'
import { addressOf } from './connection/address.ts'
import { type DatabaseClock, readClock } from './connection/database-clock.ts'
import {
  CommitUnknownError,
  isConstraint,
  isReadOnly,
  OtherTablesError,
  toAppError,
} from './connection/errors.ts'
import { limitsOf, type PostgresOptions } from './connection/options.ts'
import { readPlace } from './connection/place.ts'
import { openPatientPool, openPool, poolState } from './connection/pool.ts'
import { RetryRule } from './connection/retry-rule.ts'
import { pooledLimits, type Sessions } from './connection/session.ts'
import { postgresKysely, postgresTransactions } from './dialect.ts'
import { History } from './history.ts'
import { CommitFeed } from './news/commit-feed.ts'
import { CommitNews } from './news/commit-news.ts'
import { logLast } from './news/log-last.ts'
import type { TransactionStatements } from './postgres-connection.ts'
import { findSchema, migrate, type SchemaNames } from './prepare.ts'
import { TextSearchIndex } from './search/search-index.ts'
import { bulkWrites } from './writing/bulk.ts'
import { claimFree, claimLeases, claimScope } from './writing/claims.ts'
import { LOCK_ALL, LOCK_SHARED } from './writing/locks.ts'
import { Statistics } from './writing/statistics.ts'
import { Turns } from './writing/turns.ts'
import { Vocabulary } from './writing/vocabulary.ts'
import { writeProblem } from './writing/write-problem.ts'

/** The net below the announced commits. */
const POLL_MS = 250
const CLOCK_MS = 300_000

/** The schema is named on every connection: one of the user's name that appears later would come first on the server's own path. */
export function readStatements(sessions: Sessions): TransactionStatements {
  return statementsOf(sessions, {
    begin: 'begin isolation level repeatable read read only',
    isWriting: false,
  })
}

/**
 * A write either has everything for itself, as on SQLite, so that no rule of a service needs a second thought about races; or it says
 * which scope it writes to and goes beside those of others (docs/explanation/concurrency.md has the argument for each rule).
 */
function writeStatements(
  sessions: Sessions,
  { lock, turns }: { readonly lock: string; readonly turns: readonly Turns[] },
): TransactionStatements {
  const { begin, ...rest } = startStatements(sessions)
  return {
    ...rest,
    begin: (isPooled) => (isPooled ? [`${begin(true).join('; ')}; ${lock}`] : [...begin(false), lock]),
    turns,
  }
}

/** The same before the first tables are there. */
function startStatements(sessions: Sessions): TransactionStatements {
  return statementsOf(sessions, { begin: 'begin isolation level read committed', isWriting: true })
}

function statementsOf(
  sessions: Sessions,
  { begin, isWriting }: { readonly begin: string; readonly isWriting: boolean },
): TransactionStatements {
  return {
    begin: (isPooled) => [isPooled ? `${begin}; ${pooledLimits(sessions.limits)}` : begin],
    isWriting,
    turns: isWriting ? [new Turns(1)] : [],
    standbyMet: () => sessions.standbyMet(),
  }
}

/** Connects, and brings the schema up to date. */
export async function openPostgres(
  options: PostgresOptions,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<Database> {
  const { database } = await openPrepared(options, { migrations, bringUpToDate: migrate })
  return database
}

interface Preparation<T> {
  readonly migrations: readonly Migration[]
  /** What is done to the tables before anything else. */
  readonly bringUpToDate: (
    db: Kysely<unknown>,
    wanted: { address: string; migrations: readonly Migration[] },
  ) => Promise<T>
  /** Nothing is written into it that was not moved there. */
  readonly isTarget?: boolean
}

/** The same with another way of preparing the tables, and with what that answered. */
export async function openPrepared<T>(
  options: PostgresOptions,
  preparation: Preparation<T>,
): Promise<{ readonly database: Database; readonly prepared: T }> {
  const address = addressOf(options)
  try {
    const { prepared, ...found } = await prepare(options, { ...preparation, address })
    const { length: schemaVersion } = preparation.migrations
    return { database: databaseOf(options, { address, schemaVersion, ...found }), prepared }
  } catch (error) {
    throw toAppError(error, address)
  }
}

interface Opened {
  readonly address: string
  readonly schemaVersion: number
  readonly names: SchemaNames
  readonly history: History
  readonly clock: DatabaseClock
}

function databaseOf(
  options: PostgresOptions,
  { address, schemaVersion, names: { channel, searchPath }, history, clock }: Opened,
): Database {
  const { pool, sessions, newClient } = openPool(options, limitsOf(options, searchPath))
  sessions.clock.goOnAs(clock)
  const retry = new RetryRule()
  pool.on('connect', () => {
    retry.reached()
    history.connected()
  })
  // Of several connections one may have broken while the others serve all calls, and no new one is made.
  pool.on('release', (error) => {
    if (!error) retry.reached()
  })
  // A clock that goes wrong by a second in a day is still right to some milliseconds.
  const asksClock = setInterval(() => sessions.askClock(pool).catch(() => {}), CLOCK_MS).unref()
  pool.on('remove', (client) => sessions.left(client))
  const ownName = newId()
  const notify = (text: string) => `notify ${channel}, '${text}'`
  const vocabulary = new Vocabulary()
  /** Of each transaction the rows that it began with: where they are others at its end, it is refused. */
  const identities = new WeakMap<Kysely<Schema>, number | undefined>()
  const reading = postgresKysely<Schema>(pool, readStatements(sessions))
  // A reader is not to wait for writers that wait for each other.
  const writers = new Turns(Math.max(1, Math.floor(options.poolMax / 2)))
  const alone = { lock: LOCK_ALL, turns: [new Turns(1), writers] }
  const shared = { lock: LOCK_SHARED, turns: [writers] }
  const writing = (locks: typeof alone, hasAllLocks: boolean): Database['transaction'] => {
    const transaction = postgresTransactions<Schema>(pool, writeStatements(sessions, locks))
    return (fn) =>
      transaction(async (db) => {
        const look = await history.look(db, { isPooled: sessions.isPooled, hasAllLocks })
        if (look.isOther) vocabulary.forget()
        identities.set(db, look.identity)
        lostUpTo(db, look.lostVersions)
        const brought = vocabulary.begin(db)
        return { result: await fn(db), brought, look }
      })
        .then(({ result, brought, look }) => {
          brought.committed()
          history.committed(look)
          return result
        })
        .catch((error: unknown) => {
          if (error instanceof OtherTablesError) history.connected()
          // A transaction with all locks has no other in its way: then it is the caller's error.
          if (!hasAllLocks && isConstraint(error)) throw new NeedsAllLocksError()
          throw error
        })
  }
  const sharedWrites = {
    transaction: writing(shared, false),
    claimScope,
    claimFree,
    claimLeases,
    isCommitUnknown: (error: unknown) => error instanceof CommitUnknownError,
    takeTurns: false,
  }
  const announce = async (text: string) => void (await pool.query(notify(text)))
  const feed = new CommitFeed(newClient, { channel, ownName, announce })
  const news = new CommitNews(() => announce(ownName))
  const statistics = new Statistics(pool)
  return {
    type: 'postgresql',
    place: { address },
    placeProblem: () => null,
    writeProblem: () =>
      writeProblem(reading, { sessions, schemaVersion }).catch((error: unknown) => {
        throw toAppError(error, address)
      }),
    pollingReason: () => feed.pollingReason,
    pool: () => poolState(pool, writers.waiting),
    reader: reading,
    searchIndex: new TextSearchIndex(),
    // One index holds both: the rows only change.
    dropOlderIndex: async () => {},
    schemaVersion,
    readPlace: () => readPlace(reading),
    snapshot: postgresTransactions(pool, readStatements(sessions)),
    transaction: writing(alone, true),
    sharedWrites,
    jointTransactions: sharedWrites,
    async logLast(db, changes, by) {
      const commit = await logLast(db, changes, { ...by, identity: identities.get(db) })
      statistics.committed()
      return commit
    },
    bulkWrites,
    announceCommit: () => news.committed(),
    retryAfterMs: (error, tries) => retry.afterMs(error, tries),
    isReadOnly,
    toAppError: (error) => toAppError(error, address),
    changeToken: () => null,
    watchCommits: (listener) => feed.watch(listener),
    pollMs: POLL_MS,
    readClock,
    clock: sessions.clock,
    async close() {
      clearInterval(asksClock)
      await news.close()
      await statistics.close()
      await feed.close()
      await pool.end()
    },
  }
}

/** What happens once, on a connection that may take its time. */
async function prepare<T>(
  options: PostgresOptions,
  { bringUpToDate, isTarget = false, ...wanted }: Preparation<T> & { address: string },
): Promise<{ names: SchemaNames; history: History; clock: DatabaseClock; prepared: T }> {
  const { pool, sessions } = openPatientPool(options)
  try {
    const names = await findSchema(pool, options.connectionTimeoutMs)
    await sessions.settleIn(pool, names.searchPath)
    const { begin, ...rest } = startStatements(sessions)
    // A start does not wait for ever for the transaction that holds the tables.
    const wait = `set local lock_timeout = ${options.statementTimeoutMs}`
    const patient = {
      ...rest,
      begin: (isPooled: boolean) =>
        isPooled ? [`${begin(true).join('; ')}; ${wait}`] : [...begin(false), wait],
    }
    const db = postgresKysely<unknown>(pool, patient)
    const prepared = await bringUpToDate(db, wanted)
    const { length: schemaVersion } = wanted.migrations
    const history = await History.open(db, { isKept: !isTarget, schemaVersion })
    return { names, history, clock: sessions.clock, prepared }
  } finally {
    await pool.end()
  }
}
