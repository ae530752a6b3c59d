import { type Kysely, sql } from 'kysely'
import { newId } from '../../domain/ids.ts'
import type { Database } from '../database.ts'
import type { Migration } from '../migrate.ts'
import { MIGRATIONS } from '../migrations/index.ts'
import type { Schema } from '../schema.ts'
import { addressOf } from './address.ts'
import { CommitFeed } from './commit-feed.ts'
import { postgresKysely, type TransactionStatements } from './dialect.ts'
import { toAppError } from './errors.ts'
import { History } from './history.ts'
import { limitsOf, type PostgresOptions } from './options.ts'
import { readPlace } from './place.ts'
import { openPatientPool, openPool } from './pool.ts'
import { findSchema, migrate, type SchemaNames } from './prepare.ts'
import { RetryRule } from './retry-rule.ts'
import { textSearchIndex } from './search-index.ts'
import { pooledLimits, type Sessions } from './session.ts'

/** The net below the announced commits. */
const POLL_MS = 250

/** The schema is named on every connection: one of the user's name that appears later would come first on the server's own path. */
export function readStatements(sessions: Sessions): TransactionStatements {
  return statementsOf(sessions, {
    begin: 'begin isolation level repeatable read read only',
    isWriting: false,
  })
}

/**
 * Writers take turns, as they do on SQLite: each locks the one row of the database's identity to the end of its transaction.
 * So the order of the change log is the order of commits, and no rule of a service needs a second thought about races. A row
 * can be locked only by who may write to the tables; an advisory lock by every login of the server.
 */
function writeStatements(sessions: Sessions, announcement: string): TransactionStatements {
  const { begin, ...rest } = startStatements(sessions)
  return {
    ...rest,
    begin: (isPooled) => `${begin(isPooled)}; select 1 from database_identity for no key update`,
    commit: `${announcement}; commit`,
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
    begin: (isPooled) => (isPooled ? `${begin}; ${pooledLimits(sessions.limits)}` : begin),
    commit: 'commit',
    isWriting,
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
}

function databaseOf(
  options: PostgresOptions,
  { address, schemaVersion, names: { channel, searchPath }, history }: Opened,
): Database {
  const { pool, sessions, newClient } = openPool(options, limitsOf(options, searchPath))
  const retry = new RetryRule()
  pool.on('connect', () => {
    retry.connected()
    history.connected()
  })
  const ownName = newId()
  const notify = (text: string) => `notify ${channel}, '${text}'`
  const reading = postgresKysely<Schema>(pool, readStatements(sessions))
  const writing = postgresKysely<Schema>(pool, writeStatements(sessions, notify(ownName)))
  const feed = new CommitFeed(newClient, {
    channel,
    ownName,
    announce: async (text) => void (await pool.query(notify(text))),
  })
  return {
    type: 'postgresql',
    place: { address },
    placeProblem: () => null,
    writeProblem: () =>
      writeProblem(reading, sessions).catch((error: unknown) => {
        throw toAppError(error, address)
      }),
    pollingReason: () => feed.pollingReason,
    reader: reading,
    searchIndex: textSearchIndex,
    // One index holds both: the rows only change.
    dropOlderIndex: async () => {},
    schemaVersion,
    readPlace: () => readPlace(reading),
    snapshot: (fn) => reading.transaction().execute(fn),
    transaction: (fn) =>
      writing.transaction().execute(async (db) => {
        await history.check(db, sessions.isPooled)
        return fn(db)
      }),
    retryAfterMs: (error, tries) => retry.afterMs(error, tries),
    toAppError: (error) => toAppError(error, address),
    changeToken: () => null,
    watchCommits: (listener) => feed.watch(listener),
    pollMs: POLL_MS,
    readClock,
    async close() {
      await feed.close()
      await pool.end()
    },
  }
}

/** What happens once, on a connection that may take its time. */
async function prepare<T>(
  options: PostgresOptions,
  { bringUpToDate, isTarget = false, ...wanted }: Preparation<T> & { address: string },
): Promise<{ names: SchemaNames; history: History; prepared: T }> {
  const { pool, sessions } = openPatientPool(options)
  try {
    const names = await findSchema(pool, options.connectionTimeoutMs)
    await sessions.settleIn(pool, names.searchPath)
    const { begin, ...rest } = startStatements(sessions)
    // A start does not wait for ever for who holds the tables.
    const wait = `set local lock_timeout = ${options.statementTimeoutMs}`
    const patient = { begin: (isPooled: boolean) => `${begin(isPooled)}; ${wait}`, ...rest }
    const db = postgresKysely<unknown>(pool, patient)
    const prepared = await bringUpToDate(db, wanted)
    return { names, history: await History.open(db, { isKept: !isTarget }), prepared }
  } finally {
    await pool.end()
  }
}

/** What stands in the way of writing, or of reading what was just written. */
async function writeProblem(db: Kysely<Schema>, sessions: Sessions): Promise<string | null> {
  const { rows } = await sql<{ standby: boolean; fixed: boolean }>`select pg_is_in_recovery() as standby,
    current_setting('default_transaction_read_only')::boolean as fixed`.execute(db)
  const { standby = false, fixed = false } = rows[0] ?? {}
  if (standby) return 'PostgreSQL is a standby: nothing can be written, and what is read may be old.'
  if (fixed) return 'PostgreSQL is read-only (default_transaction_read_only): nothing can be written.'
  return sessions.hasMetStandby
    ? 'Some connections led to a standby and were given up: what stands between here and PostgreSQL must lead to the primary only.'
    : null
}

async function readClock(db: Parameters<NonNullable<Database['readClock']>>[0]): Promise<number> {
  const { rows } = await sql<{ now: number }>`
    select floor(extract(epoch from clock_timestamp()) * 1000)::bigint as now`.execute(db)
  return Number(rows[0]?.now)
}
