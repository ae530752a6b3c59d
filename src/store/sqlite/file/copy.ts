import { closeSync, fsyncSync, linkSync, openSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { backup, DatabaseSync } from 'node:sqlite'
import type { CopyProgress } from '../../../domain/places/database-file.ts'
import { isBusy } from '../errors.ts'
import { openReadOnly } from './read-only.ts'

const PAGES_AT_ONCE = 2_000
const BUSY_TIMEOUT_MS = 30_000

/**
 * Copies a database to a new file that only its owner may read; what stands at `to` is replaced. It appears under its name
 * whole or not at all. All of the copy is one state: that of the moment when it began.
 */
export async function copyDatabase(from: string, to: string, progress?: CopyProgress): Promise<void> {
  await copyTo(from, to, { progress, publish: renameSync })
}

/** The same, to a name that is free; `check` may refuse the copy before it gets that name. */
export async function copyDatabaseNew(
  from: string,
  to: string,
  { progress, check }: { progress: CopyProgress; check: (copy: string) => void },
): Promise<void> {
  await copyTo(from, to, {
    progress,
    publish(part) {
      check(part)
      nameOnce(part, to)
    },
  })
}

interface CopyOptions {
  readonly progress: CopyProgress | undefined
  readonly publish: (part: string, to: string) => void
}

async function copyTo(
  from: string,
  to: string,
  { progress = () => {}, publish }: CopyOptions,
): Promise<void> {
  const part = `${to}.${process.pid}.part`
  rmSync(part, { force: true })
  closeSync(openSync(part, 'wx', 0o600))
  try {
    const source = openState(from)
    try {
      await backup(source, part, {
        rate: PAGES_AT_ONCE,
        progress: ({ totalPages, remainingPages }) => progress(totalPages - remainingPages, totalPages),
      })
    } finally {
      source.close()
    }
    syncFile(part)
    publish(part, to)
    syncFolder(dirname(to))
  } finally {
    for (const end of ['', '-wal', '-shm', '-journal']) rmSync(part + end, { force: true })
  }
}

/** A connection that holds one state: without its transaction every write of others would make the copy begin again. */
function openState(path: string): DatabaseSync {
  try {
    // May write, so that it takes part in the locks and leaves nothing beside the file.
    return begun(new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS }))
  } catch (error) {
    if (isBusy(error)) throw error
    // Where this process may not write to the folder, no other is taken to write either.
    return begun(openReadOnly(path, BUSY_TIMEOUT_MS))
  }
}

function begun(db: DatabaseSync): DatabaseSync {
  try {
    db.exec('begin')
    db.prepare('select count(*) from sqlite_schema').get()
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

/** Fails where the name is taken, also when it was taken just now. */
function nameOnce(part: string, to: string): void {
  try {
    linkSync(part, to)
  } catch (error) {
    // Some file systems have no links.
    if (isCode(error, 'EEXIST')) throw error
    closeSync(openSync(to, 'wx', 0o600))
    renameSync(part, to)
  }
}

export function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}

function syncFile(path: string): void {
  const file = openSync(path, 'r+')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** Makes a rename last through a power cut. Windows cannot open folders, and needs no such thing. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
