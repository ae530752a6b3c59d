import { existsSync, realpathSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { AppError } from '../../../../domain/errors.ts'
import type { CopyProgress, RestoreReport } from '../../../../domain/places/database-file.ts'
import { makeFolder } from '../../../../make-folder.ts'
import type { Migration } from '../../../migrate.ts'
import { requireDatabase, requireIntegrity } from '../backup.ts'
import { copyDatabase } from '../copy.ts'
import { refuseNetworkFileSystem } from '../file-system.ts'
import { bringUpToPresent, type Present, readPresent } from './present.ts'
import { refuseInUse, takeOver } from './takeover.ts'

/** Puts the backup `source` in the place of the database at `path`, which is kept aside. */
export async function restoreDatabase(
  path: string,
  source: string,
  { migrations, progress }: { migrations: readonly Migration[]; progress: CopyProgress },
): Promise<RestoreReport> {
  if (!existsSync(source)) throw new AppError('NOT_FOUND', `There is no file ${source}.`)
  if (existsSync(path) && realpathSync(path) === realpathSync(source))
    throw new AppError('INVALID_PARAMETER', `${source} is the database itself.`, {
      suggestion: 'Name a backup of it.',
    })
  const version = requireDatabase(source, migrations)
  refuseNetworkFileSystem(path)
  makeFolder(dirname(path))
  const present = readPresent(path, migrations)
  refuseInUse(path)
  const next = `${path}.restore`
  try {
    await copyDatabase(source, next, progress)
    makeReady(next, source, present)
    return { path, schema_version: version, kept: takeOver(path, next) }
  } finally {
    for (const end of ['', '-wal', '-shm']) rmSync(next + end, { force: true })
  }
}

/** Reads the copy to its last page, and brings it up to the present. */
function makeReady(copy: string, source: string, present: Present | undefined): void {
  const db = new DatabaseSync(copy)
  try {
    requireIntegrity(db.prepare('pragma integrity_check(1)').get()?.['integrity_check'], source)
    db.exec('pragma journal_mode = wal; begin immediate')
    bringUpToPresent(db, present)
    db.exec('commit')
  } finally {
    db.close()
  }
}
