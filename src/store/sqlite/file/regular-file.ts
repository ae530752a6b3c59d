import { lstatSync, type Stats, statSync } from 'node:fs'
import { AppError } from '../../../domain/errors.ts'

/**
 * Refuses what only looks like a database file: a folder, a pipe or a device, which a program would wait on for ever, and a
 * link that leads nowhere. Nothing is fine.
 */
export function requireRegularFile(path: string): void {
  const stats = present(path)
  if (!stats) return
  const target = stats.isSymbolicLink() ? statSync(path, { throwIfNoEntry: false }) : stats
  if (target?.isFile()) return
  throw new AppError(
    'DATABASE_ERROR',
    `${path} is ${target ? kindOf(target) : 'a link that leads nowhere'}, not a file.`,
    {
      suggestion: 'Set AGENT_MEMORY_DB_PATH to a file, or AGENT_MEMORY_DATA_DIR to the folder of one.',
    },
  )
}

/** Nothing, too, where a part of the path is no folder: the code that makes the folder reports that. */
function present(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false })
  } catch {
    return undefined
  }
}

function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return 'a folder'
  if (stats.isFIFO()) return 'a named pipe'
  return stats.isSocket() ? 'a socket' : 'a device'
}

/** True where something of any kind has that name, a link that leads nowhere included. */
export function isTaken(path: string): boolean {
  return present(path) !== undefined
}
