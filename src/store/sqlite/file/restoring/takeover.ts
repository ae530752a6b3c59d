import { copyFileSync, existsSync, linkSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { AppError } from '../../../../domain/errors.ts'
import { isBusy, isUnreadable } from '../../errors.ts'
import { syncFolder } from '../copy.ts'
import { findOpeners } from '../openers.ts'

const BUSY_TIMEOUT_MS = 1_000

/**
 * Puts the database `next` in the place of the one at `path`, which no process may have open. Answers where
 * that is kept.
 */
export function takeOver(path: string, next: string): string | null {
  if (!existsSync(path)) {
    renameSync(next, path)
    syncFolder(dirname(path))
    return null
  }
  const kept = freeName(`${path}.before-restore`)
  const held = lockWhole(path)
  try {
    keepAside(path, kept)
    // In one step: a process that starts now finds the old file or the new one, never none.
    renameSync(next, path)
    syncFolder(dirname(path))
  } finally {
    held?.close()
  }
  return kept
}

/** Refuses a database that is open elsewhere. */
export function refuseInUse(path: string): void {
  const open = findOpeners(path)?.open ?? []
  if (open.length > 0) throw inUse(path, `by process ${open.join(', ')}`)
}

/**
 * Holds the database so that no other process can open it; undefined for a file in which SQLite finds nothing
 * to lock.
 */
function lockWhole(path: string): DatabaseSync | undefined {
  refuseInUse(path)
  const db = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS })
  try {
    // Leaving WAL writes all of it back into the file, and is refused as long as another connection is open.
    db.exec('pragma journal_mode = delete; begin exclusive')
    return db
  } catch (error) {
    db.close()
    if (isBusy(error)) throw inUse(path, 'by another process')
    if (isUnreadable(error)) return undefined
    throw error
  }
}

/** The file, and what belongs to it, under another name. */
function keepAside(path: string, kept: string): void {
  try {
    linkSync(path, kept)
  } catch {
    // Some file systems have no links.
    copyFileSync(path, kept)
  }
  if (existsSync(`${path}-wal`)) renameSync(`${path}-wal`, `${kept}-wal`)
  rmSync(`${path}-shm`, { force: true })
}

/** With a number behind it where that is taken. */
function freeName(name: string): string {
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? name : `${name}-${number}`
    if (statSync(candidate, { throwIfNoEntry: false }) === undefined) return candidate
  }
}

function inUse(path: string, by: string): AppError {
  return new AppError('DATABASE_ERROR', `${path} is open (${by}). Nothing was changed.`, {
    suggestion: 'Close the clients that use it, then restore again.',
  })
}
