import { createHash } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import type { Pool } from 'pg'
import { AppError } from '../../domain/errors.ts'
import {
  createMigrationTable,
  type Migration,
  type MigrationDialect,
  runMigrations,
  schemaVersion,
} from '../migrate.ts'
import { MOVE_MARKER, unfinishedMove } from '../move/marker.ts'
import { isAway } from './connection/errors.ts'
import { ON_PRIMARY } from './connection/session.ts'
import { elementsOf } from './search/elements.ts'
import { createTextIndex } from './search/search-schema.ts'
import {
  createVocabulary,
  createWordIndex,
  indexManyAtOnce,
  indexNothingRestored,
  shareWords,
} from './search/word-schema.ts'
import { raiseSequences, sequencesBehind } from './sequences.ts'
import { LOCK_ALL } from './writing/locks.ts'

const RECONNECT_PAUSE_MS = 250
const MOST_TRIES = 20

const dialect: MigrationDialect = {
  autoIncrement: 'bigserial',
  text: sql`text collate "C"`,
  // A B-tree has no room for such a key, a hash has; and of a hash the constraint is called exclusion.
  async createLongKey(db, { table, column }) {
    const name = sql.ref(`${table}_${column}`)
    await sql`alter table ${sql.table(table)} add constraint ${name} exclude using hash (${sql.ref(column)} with =)`.execute(
      db,
    )
  },
  createSearchIndex: createTextIndex,
  elementsOf,
  createWordIndex,
  createVocabulary,
  parkWriters: shareWords,
  indexManyAtOnce,
  indexNothingRestored,
  async givePrimaryKey(db, table) {
    // Of no sequence, which a copy of the table would leave behind.
    await sql`alter table ${sql.table(table)} add column row_id uuid primary key default gen_random_uuid()`.execute(
      db,
    )
  },
}

const OLDEST_SERVER = 14
/** `homes`: the schemas on the path that have our tables. */
const SERVER = `${ON_PRIMARY}select current_schema() as schema, quote_ident(current_schema()) as quoted,
  (select coalesce(json_agg(json_build_object('schema', s, 'quoted', quote_ident(s)) order by n), '[]')
    from unnest(current_schemas(false)) with ordinality as path(s, n)
    where (select count(*) from pg_tables where schemaname = s and tablename in ('schema_migration', 'change_log', 'scope_version')) = 3)
    as homes,
  current_setting('search_path') as path,
  current_setting('server_version_num')::int as version, current_setting('server_encoding') as encoding`

interface Home {
  readonly schema: string
  readonly quoted: string
}

interface ServerRow {
  readonly schema: string | null
  readonly quoted: string | null
  readonly homes: readonly Home[]
  readonly path: string
  readonly version: number
  readonly encoding: string
}

/** The names that keep the instances of one schema together and those of another apart. */
export interface SchemaNames {
  /** The schema, before all others that a session would look at. */
  readonly searchPath: string
  /** Channel that commits are announced on. */
  readonly channel: string
}

/** Waits until the server answers, and looks up where the tables are or will be. */
export async function findSchema(pool: Pool, timeoutMs: number): Promise<SchemaNames> {
  const deadline = performance.now() + timeoutMs
  for (;;) {
    try {
      const { rows } = await pool.query<ServerRow>(SERVER)
      const {
        version = 0,
        encoding = '',
        path = '',
        homes = [],
        schema = null,
        quoted = null,
      } = rows[0] ?? {}
      refuseOldServer(version)
      refuseEncoding(encoding)
      const place = onlyOne(homes) ?? { schema, quoted }
      return namesOf(place.schema, `${place.quoted}${path === '' ? '' : `, ${path}`}`)
    } catch (error) {
      // Right after a common start of everything, the server may not be up yet.
      if (!isAway(error) || performance.now() > deadline) throw error
      await new Promise((resolve) => setTimeout(resolve, RECONNECT_PAUSE_MS))
    }
  }
}

/**
 * A schema that appears later does not take the place of the one that holds the memory, wherever it stands on
 * the path. Which of two memories is meant cannot be known: the first may belong to any login that may create
 * schemas.
 */
function onlyOne(homes: readonly Home[]): Home | undefined {
  if (homes.length <= 1) return homes[0]
  const names = homes.map(({ schema }) => schema).join(', ')
  throw new AppError(
    'DATABASE_ERROR',
    `Several schemas on the search_path of this user hold a memory: ${names}. None was touched.`,
    {
      suggestion: 'Say which is meant: ALTER ROLE … IN DATABASE … SET search_path = SCHEMA.',
    },
  )
}

/** Made in one transaction: a schema that has one of them without the others belongs to another program. */
const OURS = ['schema_migration', 'change_log', 'scope_version']

interface Wanted {
  readonly address: string
  readonly migrations: readonly Migration[]
}

/** Brings the tables up to date; several instances may start at once. */
export async function migrate(db: Kysely<unknown>, wanted: Wanted): Promise<void> {
  if (!(await isUpToDate(db, wanted)))
    await inTurn(db, wanted.address, (tx) => runMigrations(tx, dialect, wanted.migrations))
  await raiseWhatIsBehind(db)
}

/** As after logical replication or a restore of single tables: else the next write would meet a number that is taken. */
async function raiseWhatIsBehind(db: Kysely<unknown>): Promise<void> {
  if ((await sequencesBehind(db)).length === 0) return
  await db.transaction().execute(async (tx) => {
    // Writers wait, so that none takes a number while the sequence is set.
    await sql.raw(LOCK_ALL).execute(tx)
    await raiseSequences(tx)
  })
}

/** What PostgreSQL says where two make the same table at once. */
const MADE_MEANWHILE = new Set(['23505', '42P07', '42710', '40P01'])
/** A lock was not to be had in the time that the transaction gives. */
const LOCKED_OUT = '55P03'

/**
 * Starters take turns by a table of ours, which they make if it is not there: only a login that may write to
 * it can hold it, while any login can hold an advisory lock.
 */
async function inTurn<T>(
  db: Kysely<unknown>,
  address: string,
  body: (tx: Kysely<unknown>) => Promise<T>,
  { isTarget = false } = {},
): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await db.transaction().execute(async (tx) => {
        const tables = await knownTables(tx, address, { isTarget })
        if (tables.size === 0) await createMigrationTable(tx)
        await sql`lock table schema_migration in share row exclusive mode`.execute(tx)
        return await body(tx)
      })
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : ''
      if (code === LOCKED_OUT) throw stayedLocked(address, error)
      if (!MADE_MEANWHILE.has(code) || tries === MOST_TRIES) throw error
    }
  }
}

/** The quick way of every start but the first, without a lock that another process may hold. */
async function isUpToDate(db: Kysely<unknown>, { migrations }: Wanted): Promise<boolean> {
  // A standby is refused where the lock is asked for.
  const { rows } = await sql<{ standby: boolean }>`select pg_is_in_recovery() as standby`.execute(db)
  if (rows[0]?.standby !== false) return false
  const tables = await listTables(db)
  if (tables.has(MOVE_MARKER) || !OURS.every((name) => tables.has(name))) return false
  return (await schemaVersion(db, migrations)) === migrations.length
}

/** The same for the target of a move; answers whether one has begun here before and not finished. */
export function migrateTarget(db: Kysely<unknown>, wanted: Wanted): Promise<boolean> {
  return inTurn(
    db,
    wanted.address,
    async (tx) => {
      await runMigrations(tx, dialect, wanted.migrations)
      return (await listTables(tx)).has(MOVE_MARKER)
    },
    { isTarget: true },
  )
}

/** The tables of the schema, none where it is empty. Throws where they are another program's, or of a move that has not finished. */
export async function knownTables(
  db: Kysely<unknown>,
  address: string,
  { isTarget = false } = {},
): Promise<ReadonlySet<string>> {
  const tables = await listTables(db)
  if (tables.has(MOVE_MARKER) && !isTarget) throw unfinishedMove(address)
  if (tables.size > 0 && !OURS.every((name) => tables.has(name))) throw foreign(address)
  return tables
}

async function listTables(db: Kysely<unknown>): Promise<Set<string>> {
  const { rows } = await sql<{ name: string }>`
    select tablename as name from pg_tables where schemaname = current_schema()`.execute(db)
  return new Set(rows.map(({ name }) => name))
}

function stayedLocked(address: string, cause: unknown): AppError {
  return new AppError(
    'DATABASE_ERROR',
    `Another connection kept the tables of ${address} locked: they could not be brought up to date.`,
    {
      suggestion:
        'Start again when it is done: another start, a dump or an open transaction (see pg_stat_activity).',
      cause,
    },
  )
}

function foreign(address: string): AppError {
  return new AppError(
    'DATABASE_ERROR',
    `${address} holds the tables of another program. It was not touched.`,
    { suggestion: 'Give agent-memory a database or a schema of its own (AGENT_MEMORY_PG_DATABASE).' },
  )
}

function refuseOldServer(version: number): void {
  const major = Math.floor(version / 10_000)
  if (major >= OLDEST_SERVER) return
  throw new AppError(
    'DATABASE_ERROR',
    `The server is PostgreSQL ${major}; agent-memory needs ${OLDEST_SERVER} or later.`,
    {
      suggestion: 'Update the server, or connect to another.',
    },
  )
}

function refuseEncoding(encoding: string): void {
  if (encoding === 'UTF8') return
  throw new AppError('DATABASE_ERROR', `The database is encoded in ${encoding}: it cannot hold every text.`, {
    suggestion: "Create one with: create database agent_memory encoding 'UTF8' template template0.",
  })
}

function namesOf(schema: string | null, searchPath: string): SchemaNames {
  if (schema === null) {
    throw new AppError('DATABASE_ERROR', 'The search_path of this user names no schema that exists.', {
      suggestion: 'Create the schema, or correct search_path (ALTER ROLE … SET search_path = …).',
    })
  }
  const hash = createHash('sha256').update(`agent-memory:${schema}`).digest()
  return { searchPath, channel: `agent_memory_${hash.toString('hex', 0, 8)}` }
}
