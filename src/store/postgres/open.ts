import { type Kysely, sql } from 'kysely'
import { Pool } from 'pg'
import { newId } from '../../domain/ids.ts'
import type { Database } from '../database.ts'
import type { Migration } from '../migrate.ts'
import { MIGRATIONS } from '../migrations/index.ts'
import type { Schema } from '../schema.ts'
import { addressOf } from './address.ts'
import { CommitFeed } from './commit-feed.ts'
import { postgresKysely } from './dialect.ts'
import { toAppError } from './errors.ts'
import { clientClass, Endpoints } from './host-client.ts'
import { clientConfig, type PostgresOptions, poolConfig } from './options.ts'
import { readPlace } from './place.ts'
import { findSchema, migrate, type SchemaNames } from './prepare.ts'
import { RetryRule } from './retry-rule.ts'
import { textSearchIndex } from './search-index.ts'

/** The net below the announced commits. */
const POLL_MS = 250

/**
 * The schema is named in every transaction: one of the user's name that appears later would come first on the server's own path, and
 * a pooler may give each transaction another connection.
 */
export function readStatements({ searchPath }: SchemaNames) {
  const begin = `begin isolation level repeatable read read only; set local search_path to ${searchPath}`
  return { begin, commit: 'commit', isWriting: false }
}

/**
 * Writers take turns, as they do on SQLite: each locks the one row of the database's identity to the end of its transaction.
 * So the order of the change log is the order of commits, and no rule of a service needs a second thought about races. A row
 * can be locked only by who may write to the tables; an advisory lock by every login of the server.
 */
function writeStatements(names: SchemaNames, ownName: string) {
  const { begin, ...rest } = startStatements(names, ownName)
  return { begin: `${begin}; select 1 from database_identity for no key update`, ...rest }
}

/** The same before the first tables are there. */
function startStatements({ channel, searchPath }: SchemaNames, ownName: string) {
  return {
    begin: `begin isolation level read committed; set local search_path to ${searchPath}`,
    commit: `notify ${channel}, '${ownName}'; commit`,
    isWriting: true,
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
}

/** The same with another way of preparing the tables, and with what that answered. */
export async function openPrepared<T>(
  options: PostgresOptions,
  preparation: Preparation<T>,
): Promise<{ readonly database: Database; readonly prepared: T }> {
  const address = addressOf(options)
  try {
    const ownName = newId()
    const { names, prepared } = await prepare(options, { ...preparation, address, ownName })
    const { length: schemaVersion } = preparation.migrations
    return { database: databaseOf(options, { address, schemaVersion, names, ownName }), prepared }
  } catch (error) {
    throw toAppError(error, address)
  }
}

interface Opened {
  readonly address: string
  readonly schemaVersion: number
  readonly names: SchemaNames
  readonly ownName: string
}

function databaseOf(options: PostgresOptions, { address, schemaVersion, names, ownName }: Opened): Database {
  const Client = clientClass(options, new Endpoints(options))
  const pool = newPool(poolConfig(options, Client))
  pinSchema(pool, names)
  const retry = new RetryRule()
  pool.on('connect', () => retry.connected())
  const reading = postgresKysely<Schema>(pool, readStatements(names))
  const writing = postgresKysely<Schema>(pool, writeStatements(names, ownName))
  const feed = new CommitFeed(() => new Client(clientConfig(options)), { channel: names.channel, ownName })
  return {
    type: 'postgresql',
    place: { address },
    placeProblem: () => null,
    reader: reading,
    searchIndex: textSearchIndex,
    // One index holds both: the rows only change.
    dropOlderIndex: async () => {},
    schemaVersion,
    readPlace: () => readPlace(reading),
    snapshot: (fn) => reading.transaction().execute(fn),
    transaction: (fn) => writing.transaction().execute(fn),
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

/** What happens once, on a connection that may take its time: a migration is one long statement after the other. */
async function prepare<T>(
  options: PostgresOptions,
  { ownName, bringUpToDate, ...wanted }: Preparation<T> & { address: string; ownName: string },
): Promise<{ names: SchemaNames; prepared: T }> {
  const Client = clientClass(options, new Endpoints(options))
  const pool = newPool({ ...poolConfig(options, Client), max: 1, statement_timeout: 0, query_timeout: 0 })
  try {
    const names = await findSchema(pool, options.connectionTimeoutMs)
    await pool.query(`set search_path to ${names.searchPath}`)
    pinSchema(pool, names)
    const { begin, ...rest } = startStatements(names, ownName)
    // A start does not wait for ever for who holds the tables.
    const patient = { begin: `${begin}; set local lock_timeout = ${options.statementTimeoutMs}`, ...rest }
    const db = postgresKysely<unknown>(pool, patient)
    return { names, prepared: await bringUpToDate(db, wanted) }
  } finally {
    await pool.end()
  }
}

/** For statements outside of transactions. What a pool lends out has this behind it: a connection answers in order. */
function pinSchema(pool: Pool, { searchPath }: SchemaNames): void {
  pool.on('connect', (client) => {
    client.query(`set search_path to ${searchPath}`).catch(() => {})
  })
}

function newPool(config: ConstructorParameters<typeof Pool>[0]): Pool {
  const pool = new Pool(config)
  // An idle connection that the server closes is no error of a call; the next call makes a new one.
  pool.on('error', () => {})
  // Between the pool and whoever it lends the connection to there is a moment in which neither listens.
  pool.on('connect', (client) => client.on('error', () => {}))
  return pool
}

async function readClock(db: Parameters<NonNullable<Database['readClock']>>[0]): Promise<number> {
  const { rows } = await sql<{ now: number }>`
    select floor(extract(epoch from clock_timestamp()) * 1000)::bigint as now`.execute(db)
  return Number(rows[0]?.now)
}
