import { existsSync, statSync } from 'node:fs'
import { AppError } from '../../../domain/errors.ts'
import type { BackupReport, CopyProgress } from '../../../domain/places/database-file.ts'
import type { Migration } from '../../migrate.ts'
import { copyDatabaseNew, isCode } from './copy.ts'
import { versionOf } from './identity.ts'
import { openReadOnly } from './read-only.ts'
import { isTaken } from './regular-file.ts'

const BUSY_TIMEOUT_MS = 30_000

/** Copies the database at `path`, live or not, to a file that is not there yet; a copy that is not sound is not kept. */
export async function backUpDatabase(
  path: string,
  target: string,
  { migrations, progress }: { migrations: readonly Migration[]; progress: CopyProgress },
): Promise<BackupReport> {
  requireFile(path)
  if (isTaken(target)) throw targetExists(target)
  requireDatabase(path, migrations)
  let version = 0
  const check = (copy: string) => {
    version = requireSound(copy, { path, migrations })
  }
  try {
    await copyDatabaseNew(path, target, { progress, check })
  } catch (error) {
    throw isCode(error, 'EEXIST') ? targetExists(target) : error
  }
  return { path: target, bytes: statSync(target).size, schema_version: version }
}

/** Refuses a database that does not exist yet. */
export function requireFile(path: string): void {
  if (existsSync(path)) return
  throw new AppError('NOT_FOUND', `There is no database at ${path}.`, {
    suggestion:
      'Check AGENT_MEMORY_DATA_DIR and AGENT_MEMORY_DB_PATH; agent-memory doctor shows what they lead to.',
  })
}

/** The schema version of a file that must be ours. */
export function requireDatabase(path: string, migrations: readonly Migration[]): number {
  const db = openReadOnly(path, BUSY_TIMEOUT_MS)
  try {
    const version = versionOf(db, path, migrations)
    if (version > 0) return version
    throw new AppError('INVALID_PARAMETER', `${path} is an empty database: there is nothing in it.`)
  } finally {
    db.close()
  }
}

/** The schema version of a copy of `path`, read to the last page. */
function requireSound(
  copy: string,
  { path, migrations }: { path: string; migrations: readonly Migration[] },
): number {
  const db = openReadOnly(copy, BUSY_TIMEOUT_MS)
  try {
    const version = versionOf(db, path, migrations)
    requireIntegrity(db.prepare('pragma integrity_check(1)').get()?.['integrity_check'], path)
    return version
  } finally {
    db.close()
  }
}

export function requireIntegrity(verdict: unknown, path: string): void {
  if (verdict === 'ok') return
  throw new AppError('DATABASE_ERROR', `${path} is damaged. Nothing was changed.`, {
    suggestion: 'agent-memory doctor says more; agent-memory export works where only an index is damaged.',
  })
}

function targetExists(target: string): AppError {
  return new AppError('ALREADY_EXISTS', `${target} exists; a backup never replaces a file.`, {
    suggestion: 'Name another file, or move that one away.',
  })
}
