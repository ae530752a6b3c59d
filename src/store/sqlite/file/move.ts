import { existsSync, realpathSync, statSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { AppError } from '../../../domain/errors.ts'
import type { Database } from '../../database.ts'
import { MIGRATIONS } from '../../migrations/index.ts'
import type { MoveEnd, MoveTarget } from '../../move/end.ts'
import { toAppError } from '../errors.ts'
import { openPrepared, openSqlite } from '../open.ts'
import { requireFile } from './backup.ts'
import { APPLICATION_ID, hasMoveMarker, headerNumber } from './identity.ts'
import { openReadOnly } from './read-only.ts'

const BUSY_TIMEOUT_MS = 5_000

/** Opens a file that is there, to move what is in it. */
export async function openSqliteSource(path: string): Promise<MoveEnd> {
  requireFile(path)
  return endOf(path, await openSqlite({ path }))
}

/** Opens or makes the file that a move fills, also where one has begun and not finished. */
export async function openSqliteTarget(path: string): Promise<MoveTarget> {
  const isUnfinished = existsSync(path) && looked(path, isHalfFilled)
  const database = isUnfinished ? openHalfFilled(path) : await openSqlite({ path })
  // SQLite gives out the number after the largest one that is there.
  return { ...endOf(path, database), isUnfinished, continueNumbers: async () => {} }
}

function openHalfFilled(path: string): Database {
  const version = looked(path, (db) => headerNumber(db, 'user_version'))
  if (version === MIGRATIONS.length) return openPrepared(path, version)
  throw new AppError('MIGRATION_ERROR', `${path} was half filled by another version of agent-memory.`, {
    suggestion: `Delete it (also ${path}-wal and ${path}-shm), then run the same command again.`,
  })
}

function isHalfFilled(db: DatabaseSync): boolean {
  return headerNumber(db, 'application_id') === APPLICATION_ID && hasMoveMarker(db)
}

function looked<T>(path: string, look: (db: DatabaseSync) => T): T {
  let db: DatabaseSync | undefined
  try {
    db = openReadOnly(path, BUSY_TIMEOUT_MS)
    return look(db)
  } catch (error) {
    throw toAppError(error, path)
  } finally {
    db?.close()
  }
}

function endOf(path: string, database: Database): MoveEnd {
  const { dev, ino } = statSync(path)
  return { database, name: `sqlite:${realpathSync(path)}`, identity: `sqlite:${dev}:${ino}` }
}
