import { AppError } from '../../../domain/errors.ts'
import type { DatabaseFile } from '../../../domain/places/database-file.ts'
import { MIGRATIONS } from '../../migrations/index.ts'
import { isFull, isUnreadable, toAppError } from '../errors.ts'
import { backUpDatabase } from './backup.ts'
import { checkSqlite } from './checks/check.ts'
import { mendDatabase } from './checks/mend.ts'
import { restoreDatabase } from './restoring/restore.ts'

/** The file at `path`, there or not, as the command line cares for it. */
export function sqliteFile(path: string): DatabaseFile {
  const migrations = MIGRATIONS
  return {
    path,
    inspect: () => checkSqlite(path, migrations),
    mend: () =>
      refused(
        () => path,
        () => mendDatabase(path, migrations),
      ),
    goOnAfterRestore: async () => {
      throw new AppError('INVALID_PARAMETER', 'agent-memory restore has done that already for a file.', {
        suggestion: 'Leave out --after-restore: it is for PostgreSQL, whose own tools restore it.',
      })
    },
    backUp: (target, progress) =>
      refused(
        (error) => (isFull(error) || isAbout(error, target) ? target : path),
        () => backUpDatabase(path, target, { migrations, progress }),
      ),
    restore: (source, progress) =>
      refused(
        (error) => (isUnreadable(error) || isAbout(error, source) ? source : path),
        () => restoreDatabase(path, source, { migrations, progress }),
      ),
  }
}

/** Driver and system errors as a caller sees them: about the file that they are about. */
async function refused<T>(fileOf: (error: unknown) => string, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    throw toAppError(error, fileOf(error))
  }
}

function isAbout(error: unknown, file: string): boolean {
  return error instanceof Error && 'path' in error && String(error.path).startsWith(file)
}
