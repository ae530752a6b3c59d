import { sql } from 'kysely'
import type { Pool } from 'pg'
import type { DatabaseCheck, Finding } from '../../domain/places/database-file.ts'
import type { Writer } from '../access.ts'
import { checkStored, mendStored, notBroughtUpToDate } from '../check/contents.ts'
import { forgetLeases } from '../leases/raise-numbers.ts'
import { type Migration, schemaVersion } from '../migrate.ts'
import { MIGRATIONS } from '../migrations/index.ts'
import type { Schema } from '../schema.ts'
import { addressOf } from './connection/address.ts'
import { toAppError } from './connection/errors.ts'
import type { PostgresOptions } from './connection/options.ts'
import { parts } from './connection/parts.ts'
import { openPatientPool, type PostgresPool } from './connection/pool.ts'
import { postgresKysely } from './dialect.ts'
import { goOnAbove } from './history.ts'
import { openPostgres, readStatements } from './open.ts'
import { findSchema, knownTables } from './prepare.ts'
import { elementsOf } from './search/elements.ts'
import { checkSearch, repairSearch } from './search/search-check.ts'
import { raiseSequences, sequencesBehind } from './sequences.ts'

/** The database on a server, as the command line looks at it. */
export function postgresCheck(
  options: PostgresOptions,
  migrations: readonly Migration[] = MIGRATIONS,
): DatabaseCheck {
  return {
    inspect: () => inspect(options, migrations),
    mend: () => mend(options),
    goOnAfterRestore: () => goOnAfterRestore(options),
  }
}

/** Answers whatever is wrong, and changes nothing. */
async function inspect(options: PostgresOptions, migrations: readonly Migration[]): Promise<Finding[]> {
  const address = addressOf(options)
  let opened: PostgresPool | undefined
  try {
    opened = openPatientPool(options)
    const { pool, sessions } = opened
    const { searchPath } = await findSchema(pool, 0)
    await sessions.settleIn(pool, searchPath)
    return await look(pool, { address, migrations, read: readStatements(sessions) })
  } catch (error) {
    const { message, suggestion } = toAppError(error, address)
    return [{ check: 'Database', level: 'broken', text: message, mend: suggestion }]
  } finally {
    await opened?.pool.end()
  }
}

interface Looked {
  readonly address: string
  readonly migrations: readonly Migration[]
  readonly read: ReturnType<typeof readStatements>
}

async function look(pool: Pool, { address, migrations, read }: Looked): Promise<Finding[]> {
  const db = postgresKysely<Schema>(pool, read)
  const server = await checkServer(db, address)
  const tables = await knownTables(postgresKysely<unknown>(pool, read), address)
  if (tables.size === 0)
    return [server, { check: 'Schema', level: 'ok', text: 'No tables yet; the first start makes them.' }]
  const version = await schemaVersion(postgresKysely<unknown>(pool, read), migrations)
  if (version < migrations.length) {
    const text = `Version ${version}; the next start brings it to ${migrations.length}.`
    return [server, { check: 'Schema', level: 'ok', text }, notBroughtUpToDate()]
  }
  const stored = await checkStored(db, { elementsOf, parts })
  return [
    server,
    { check: 'Schema', level: 'ok', text: `Version ${version}.` },
    ...stored,
    ...(stored.length > 1 ? [await checkSearch(db), ...(await checkSequences(db))] : []),
  ]
}

async function checkServer(db: ReturnType<typeof postgresKysely<Schema>>, address: string): Promise<Finding> {
  const check = 'Database'
  const { rows } = await sql<{ standby: boolean; fixed: boolean; version: string }>`
    select pg_is_in_recovery() as standby, current_setting('default_transaction_read_only')::boolean as fixed,
      current_setting('server_version') as version`.execute(db)
  const { standby = false, fixed = false, version = '' } = rows[0] ?? {}
  const server = `${address}, PostgreSQL ${version.split(' ')[0]}`
  if (!standby && !fixed) return { check, level: 'ok', text: `${server}.` }
  const why = standby ? 'is a standby' : 'is read-only (default_transaction_read_only)'
  const mend = standby ? 'Connect to the primary.' : 'Let it be written to, or connect to another server.'
  return { check, level: 'broken', text: `${server}, ${why}: nothing can be written.`, mend }
}

async function checkSequences(db: ReturnType<typeof postgresKysely<Schema>>): Promise<Finding[]> {
  const behind = await sequencesBehind(db)
  if (behind.length === 0) return []
  const text = `Sequences behind their tables: ${behind.join(', ')}.`
  return [{ check: 'Sequences', level: 'broken', text, mend: 'agent-memory doctor --mend raises them.' }]
}

/** Where the tables are those of another version, or are not there, nothing is done. */
async function mend(options: PostgresOptions): Promise<string[]> {
  const findings = await inspect(options, MIGRATIONS)
  if (!findings.some(({ check }) => check === 'Tags')) return []
  const database = await openPostgres(options)
  try {
    return await database.transaction(async (db) => {
      const mended = await mendStored(db as Writer, { elementsOf })
      if (await repairSearch(db)) mended.push('Built the search index anew.')
      const behind = await sequencesBehind(db)
      if (behind.length > 0) await raiseSequences(db)
      return behind.length > 0 ? [...mended, `Raised sequences: ${behind.join(', ')}.`] : mended
    })
  } finally {
    await database.close()
  }
}

async function goOnAfterRestore(options: PostgresOptions): Promise<string[]> {
  const database = await openPostgres(options)
  try {
    return await database.transaction(async (db) => {
      const forgotten = await forgetLeases(db as Writer)
      await goOnAbove(db)
      const isIndexed = await repairSearch(db)
      return [
        `Forgot the file locks of that time: ${forgotten}.`,
        'Fencing tokens, versions and the numbers of events go on above all that was given out since.',
        ...(isIndexed ? ['Built the search index anew.'] : []),
      ]
    })
  } catch (error) {
    throw database.toAppError(error)
  } finally {
    await database.close()
  }
}
