import { sql } from 'kysely'
import { AppError } from '../../domain/errors.ts'
import type { Database } from '../database.ts'
import { MIGRATIONS } from '../migrations/index.ts'
import type { MoveEnd, MoveTarget } from '../move/end.ts'
import { addressOf } from './connection/address.ts'
import type { PostgresOptions } from './connection/options.ts'
import { openPostgres, openPrepared } from './open.ts'
import { migrateTarget } from './prepare.ts'
import { raiseSequences } from './sequences.ts'

/** Opens the database to move what is in it. */
export async function openPostgresSource(options: PostgresOptions): Promise<MoveEnd> {
  // It only reads, in one long transaction, which rests while the other side writes: no other client waits
  // for it.
  return endOf(options, await openPostgres({ ...options, idleInTransactionMs: 0 }))
}

/** Opens the database that a move fills, also where one has begun and not finished. */
export async function openPostgresTarget(options: PostgresOptions): Promise<MoveTarget> {
  const preparation = { migrations: MIGRATIONS, bringUpToDate: migrateTarget, isTarget: true }
  const { database, prepared: isUnfinished } = await openPrepared(options, preparation)
  return { ...(await endOf(options, database)), isUnfinished, continueNumbers: raiseSequences }
}

interface Identity {
  readonly server: string
  readonly database: string
  readonly schema: string
}

/** A server is known by the microsecond of its start, whatever name or address leads to it. */
const IDENTITY = sql<Identity>`select extract(epoch from pg_postmaster_start_time())::text as server,
  current_database() as database, current_schema() as schema`

async function endOf(options: PostgresOptions, database: Database): Promise<MoveEnd> {
  try {
    const { rows } = await IDENTITY.execute(database.reader)
    const [row] = rows
    if (!row) throw new AppError('DATABASE_ERROR', 'PostgreSQL does not say which database this is.')
    const schema = row.schema === 'public' ? '' : ` (schema ${row.schema})`
    return {
      database,
      name: `postgresql://${addressOf(options)}${schema}`,
      identity: JSON.stringify(['postgresql', row.server, row.database, row.schema]),
    }
  } catch (error) {
    await database.close()
    throw database.toAppError(error)
  }
}
