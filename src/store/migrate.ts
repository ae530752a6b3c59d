import type { Kysely, RawBuilder } from 'kysely'
import { AppError } from '../domain/errors.ts'

/** What a migration may ask of the database it runs on. */
export interface MigrationDialect {
  readonly autoIncrement: 'integer' | 'bigserial'
  /** The type of text that compares byte by byte, whatever the database's locale. */
  readonly text: 'text' | RawBuilder<string>
  /** Makes a column of up to thousands of bytes unique; a null is like no other. */
  createLongKey(db: Kysely<unknown>, key: { table: string; column: string }): Promise<void>
  createSearchIndex(db: Kysely<unknown>): Promise<void>
  /** The elements of a JSON list in that column as rows `listed(value)`, for a FROM clause. */
  elementsOf(column: string): RawBuilder<unknown>
  createWordIndex(db: Kysely<unknown>): Promise<void>
  createVocabulary(db: Kysely<unknown>): Promise<void>
  /**
   * Keeps every process from writing by the earlier rules; where such a write does no harm, a running process
   * goes on.
   */
  parkWriters(db: Kysely<unknown>): Promise<void>
  /** The words of rows that come together are indexed together, where the database has no better way. */
  indexManyAtOnce(db: Kysely<unknown>): Promise<void>
  /** Rows that are put back from a dump are left to the index that comes with them, where a trigger would index them. */
  indexNothingRestored(db: Kysely<unknown>): Promise<void>
  /** For a table that has none, where the database does not know its rows by itself. */
  givePrimaryKey(db: Kysely<unknown>, table: string): Promise<void>
}

/** One step of the schema. Numbered, forward only, never edited after a release, and free of application code. */
export interface Migration {
  readonly name: string
  /** True when existing rows are rewritten: an embedded database is backed up before it runs. */
  readonly changesData: boolean
  up(db: Kysely<unknown>, dialect: MigrationDialect): Promise<void>
}

type MigrationTable = {
  schema_migration: { version: number; name: string; applied_at: string }
}

/** How many of `migrations` the database has; refuses one that a newer program wrote. */
export async function schemaVersion(db: Kysely<unknown>, migrations: readonly Migration[]): Promise<number> {
  const row = await db
    .withTables<MigrationTable>()
    .selectFrom('schema_migration')
    .select((eb) => eb.fn.max<number | null>('version').as('version'))
    .executeTakeFirst()
  const version = Number(row?.version ?? 0)
  requireKnown(version, migrations.length)
  return version
}

/** Refuses what a newer program has brought up to date, at a start and under a server that runs. */
export function requireKnown(version: number, known: number): void {
  if (version > known) throw newerSchema(version, known)
}

/** What health says of it meanwhile; null for a version that this program knows. */
export function newerSchemaProblem(version: number, known: number): string | null {
  if (version <= known) return null
  const { message, suggestion } = newerSchema(version, known)
  return `${message} This server writes nothing to it. ${suggestion}`
}

function newerSchema(version: number, known: number): AppError {
  return new AppError(
    'MIGRATION_ERROR',
    `The database has schema version ${version}, this program knows ${known}: a newer agent-memory wrote it.`,
    {
      suggestion:
        'Update agent-memory on this machine and restart the servers of it that run, or name another database in the settings.',
    },
  )
}

export async function createMigrationTable(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('schema_migration')
    .ifNotExists()
    .addColumn('version', 'integer', (c) => c.primaryKey())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('applied_at', 'text', (c) => c.notNull())
    .execute()
}

/** Runs what is missing. The caller holds the database's write lock, so that a second starter finds the work done. */
export async function runMigrations(
  db: Kysely<unknown>,
  dialect: MigrationDialect,
  migrations: readonly Migration[],
): Promise<void> {
  const done = await schemaVersion(db, migrations)
  for (const [offset, migration] of migrations.slice(done).entries()) {
    await migration.up(db, dialect)
    const row = { version: done + offset + 1, name: migration.name, applied_at: new Date().toISOString() }
    await db.withTables<MigrationTable>().insertInto('schema_migration').values(row).execute()
  }
}
