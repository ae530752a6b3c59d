import { statSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { AppError } from '../../../domain/errors.ts'
import { type Migration, requireKnown } from '../../migrate.ts'
import { MOVE_MARKER, unfinishedMove } from '../../move/marker.ts'
import { asOneState } from '../one-state.ts'
import { openReadOnly } from './read-only.ts'

/** Marks the file as ours ('AMEM'), so that another program's database is never touched. */
export const APPLICATION_ID = 0x414d454d

/** A start of several instances changes a new file a few times, not for ever. */
const MOST_LOOKS = 50

/**
 * The schema version of the file, 0 for an empty one; refuses a file of another program, one that a newer agent-memory wrote
 * and one that is only half filled. Only looks. A refusal counts only where the file stood still while it was looked at: another
 * starter may be turning the empty file into a database.
 */
export function readIdentity(path: string, migrations: readonly Migration[], timeoutMs: number): number {
  for (let look = 1; ; look += 1) {
    const before = stateOf(path)
    try {
      return lookOnce(path, migrations, timeoutMs)
    } catch (error) {
      if (look === MOST_LOOKS || stateOf(path) === before) throw error
    }
  }
}

function lookOnce(path: string, migrations: readonly Migration[], timeoutMs: number): number {
  const db = openReadOnly(path, timeoutMs)
  try {
    return versionOf(db, path, migrations)
  } finally {
    db.close()
  }
}

function stateOf(path: string): string {
  return [path, `${path}-wal`].map(fileState).join(' ')
}

function fileState(path: string): string {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false })
  return stats ? `${stats.ino}:${stats.size}:${stats.mtimeNs}` : 'none'
}

/** The same, asked of an open connection. */
export function versionOf(db: DatabaseSync, path: string, migrations: readonly Migration[]): number {
  // An id of before another starter's commit and tables of after look like a stranger's file.
  const { id, userVersion, empty, moving } = asOneState(db, () => ({
    id: headerNumber(db, 'application_id'),
    userVersion: headerNumber(db, 'user_version'),
    empty: isEmpty(db),
    moving: hasMoveMarker(db),
  }))
  if (id !== APPLICATION_ID && (id !== 0 || !empty)) throw foreignFile(path)
  const version = id === APPLICATION_ID ? userVersion : 0
  requireKnown(version, migrations.length)
  if (moving) throw unfinishedMove(path)
  return version
}

export function hasMoveMarker(db: DatabaseSync): boolean {
  return db.prepare('select 1 from sqlite_schema where name = ?').get(MOVE_MARKER) !== undefined
}

/** Writes the mark and the version. Both are on the file's header page: they belong to the running transaction. */
export function writeIdentity(db: DatabaseSync, version: number): void {
  db.exec(`pragma application_id = ${APPLICATION_ID}; pragma user_version = ${version}`)
}

export function headerNumber(db: DatabaseSync, pragma: 'application_id' | 'user_version'): number {
  return Number(db.prepare(`pragma ${pragma}`).get()?.[pragma])
}

function isEmpty(db: DatabaseSync): boolean {
  return db.prepare('select count(*) as n from sqlite_schema').get()?.['n'] === 0
}

function foreignFile(path: string): AppError {
  return new AppError(
    'DATABASE_ERROR',
    `${path} is the SQLite file of another program. It was not touched.`,
    {
      suggestion: 'Point AGENT_MEMORY_DB_PATH (or AGENT_MEMORY_DATA_DIR) at another place.',
    },
  )
}
