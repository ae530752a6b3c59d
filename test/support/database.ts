import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CompiledQuery } from 'kysely'
import { Client } from 'pg'
import { openDatabase } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import type { Database } from '../../src/store/database.ts'
import { copyMigratedFile } from './migrated-file.ts'
import { SpareSchemas } from './spare-schemas.ts'

/** The server that the whole suite runs on when this is set (see on-postgres.ts); else every test runs on SQLite. */
const url = process.env['AGENT_MEMORY_TEST_POSTGRES_URL']

const spares = url === undefined ? undefined : new SpareSchemas(url)

const LONG_MS = 600_000

/** The schema of each folder that has been given one. */
const schemas = new Map<string, string>()

export const testDatabase: Database['type'] = url === undefined ? 'sqlite' : 'postgresql'

/**
 * The settings that put an App of this data folder on the database under test: on PostgreSQL a schema of its own. What it holds when
 * it freezes in the middle of a write, the server takes back after `idleInTransactionMs`.
 */
export function databaseEnv(
  dataDir: string,
  { idleInTransactionMs = LONG_MS }: { idleInTransactionMs?: number | undefined } = {},
): Record<string, string> {
  if (url === undefined) return {}
  const address = new URL(url)
  address.searchParams.set('options', `-c search_path=${schemaOf(dataDir)}`)
  // What this process does between two statements of a write may take it long on a busy machine.
  address.searchParams.set('idle_in_transaction_session_timeout', String(idleInTransactionMs))
  // Several Apps of several tests share one server.
  return {
    AGENT_MEMORY_DB_TYPE: 'postgresql',
    AGENT_MEMORY_PG_URL: address.href,
    AGENT_MEMORY_PG_POOL_MIN: '0',
    AGENT_MEMORY_PG_POOL_MAX: '4',
  }
}

/** A folder for the database under test, ready to be opened. */
export async function makeDatabaseFolder(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'agent-memory-test-'))
  await onServer(`create schema ${schemaOf(folder)}`)
  return folder
}

/** A folder for a database that the product has opened before and that holds nothing, for one that need not be new. */
export async function takeDatabaseFolder(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'agent-memory-test-'))
  const migrate = async (at: string) => (await openTestDatabase(at)).close()
  if (spares === undefined) {
    await copyMigratedFile(folder, migrate)
    return folder
  }
  const schema = await spares.take((name) => {
    schemas.set(folder, name)
    return migrate(folder)
  })
  schemas.set(folder, schema)
  return folder
}

/** Ends what `takeDatabaseFolder` began. */
export async function giveDatabaseFolderBack(folder: string): Promise<void> {
  await spares?.giveBack(schemaOf(folder))
  schemas.delete(folder)
  rmSync(folder, { recursive: true, force: true })
}

/** One more connection to the database of that folder. The caller closes it. */
export function openTestDatabase(folder: string): Promise<Database> {
  return openDatabase(readConfig({ ...databaseEnv(folder), AGENT_MEMORY_DATA_DIR: folder }))
}

export async function removeDatabaseFolder(folder: string): Promise<void> {
  await onServer(`drop schema if exists ${schemaOf(folder)} cascade`)
  rmSync(folder, { recursive: true, force: true })
}

/** What no operation does: one statement, on the database of that folder. */
export async function runStatement(folder: string, statement: string): Promise<void> {
  const database = await openTestDatabase(folder)
  try {
    await database.transaction((db) => db.executeQuery(CompiledQuery.raw(statement)))
  } finally {
    await database.close()
  }
}

function schemaOf(folder: string): string {
  const given = schemas.get(folder)
  if (given !== undefined) return given
  return `test_${createHash('sha256').update(folder).digest('hex').slice(0, 16)}`
}

async function onServer(statement: string): Promise<void> {
  if (url === undefined) return
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
