import { closeSync, openSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { type Kysely, sql } from 'kysely'
import { AppError } from '../../domain/errors.ts'
import {
  createMigrationTable,
  type Migration,
  type MigrationDialect,
  runMigrations,
  schemaVersion,
} from '../migrate.ts'
import { sqliteKysely } from './dialect.ts'
import { elementsOf } from './elements.ts'
import { isKnown } from './errors.ts'
import { requireFeatures } from './features.ts'
import { copyDatabase, isCode } from './file/copy.ts'
import { refuseNetworkFileSystem } from './file/file-system.ts'
import { readIdentity, versionOf, writeIdentity } from './file/identity.ts'
import { requireRegularFile } from './file/regular-file.ts'
import { createFtsIndex, createVocabulary, createWordIndex } from './search/schema.ts'

/** At start no caller waits for an answer: wait for another starter as long as its migration may take. */
export const START_TIMEOUT_MS = 30_000

const dialect: MigrationDialect = {
  // Every table has its rowid.
  givePrimaryKey: async () => {},
  // One writes at a time, whatever its version: a running process goes on.
  async parkWriters(db) {
    await sql`create view database_identity as select id, secret from memory_identity`.execute(db)
  },
  // Its triggers know single rows only; a bulk write does without them (bulk.ts).
  indexManyAtOnce: async () => {},
  indexNothingRestored: async () => {},
  autoIncrement: 'integer',
  text: 'text',
  async createLongKey(db, { table, column }) {
    await db.schema.createIndex(`${table}_${column}`).on(table).column(column).unique().execute()
  },
  createSearchIndex: createFtsIndex,
  createWordIndex,
  createVocabulary,
  elementsOf,
}

/** Checks that the file may be used, and brings its schema up to date. Answers the schema version. */
export async function prepareFile(path: string, migrations: readonly Migration[]): Promise<number> {
  refuseNetworkFileSystem(path)
  createFile(path)
  // The quick way of every start but the first: ours, and nothing to migrate.
  if (readIdentity(path, migrations, START_TIMEOUT_MS) === migrations.length) return migrations.length
  return upgrade(path, migrations)
}

/** Makes an empty file that no other user may read; SQLite gives the files beside it the same rights. */
function createFile(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600))
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error
    requireRegularFile(path)
  }
}

async function upgrade(path: string, migrations: readonly Migration[]): Promise<number> {
  const db = new DatabaseSync(path, { timeout: START_TIMEOUT_MS, enableForeignKeyConstraints: true })
  const kysely = sqliteKysely<unknown>(db, 'begin immediate')
  try {
    requireFeatures(db)
    // FULL from the first page on: see open.ts.
    db.exec('pragma synchronous = full; pragma journal_mode = wal')
    return await kysely.transaction().execute((tx) => migrate({ db, tx, path, migrations }))
  } finally {
    await kysely.destroy()
    db.close()
  }
}

interface Upgrade {
  readonly db: DatabaseSync
  readonly tx: Kysely<unknown>
  readonly path: string
  readonly migrations: readonly Migration[]
}

/**
 * Inside the write lock: a second starter finds the work done, and no other process writes between the copy
 * and the change.
 */
async function migrate({ db, tx, path, migrations }: Upgrade): Promise<number> {
  if (versionOf(db, path, migrations) === migrations.length) return migrations.length
  try {
    await createMigrationTable(tx)
    const done = await schemaVersion(tx, migrations)
    if (migrations.slice(done).some(({ changesData }) => changesData) && done > 0)
      await copyDatabase(path, copyBefore(path, migrations.length))
    await runMigrations(tx, dialect, migrations)
    writeIdentity(db, migrations.length)
    return migrations.length
  } catch (error) {
    if (error instanceof AppError || isKnown(error)) throw error
    throw failedMigration(migrations.length, error)
  }
}

/** Where the state before a change of data is kept. */
function copyBefore(path: string, version: number): string {
  return `${path}.before-v${version}`
}

function failedMigration(version: number, cause: unknown): AppError {
  return new AppError(
    'MIGRATION_ERROR',
    `The database could not be brought to schema version ${version}; it is as it was before.`,
    { cause, suggestion: 'Go on with the agent-memory that wrote it, and report this.' },
  )
}
