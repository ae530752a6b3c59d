import { chmodSync, existsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Migration } from '../../migrate.ts'
import { isIndexWhole } from './check-contents.ts'
import { isOpenToOthers } from './check-place.ts'
import { versionOf } from './identity.ts'

const BUSY_TIMEOUT_MS = 30_000

/** Mends what needs no decision: rights that are too wide, a search index that is not whole. Says what it did. */
export function mendDatabase(path: string, migrations: readonly Migration[]): string[] {
  if (!existsSync(path)) return []
  return [...mendSearch(path, migrations), ...mendRights(path)]
}

function mendRights(path: string): string[] {
  const files = [dirname(path), path, `${path}-wal`, `${path}-shm`].filter((file) => existsSync(file))
  return files.flatMap((file) => {
    const stats = statSync(file)
    if (!isOpenToOthers(stats)) return []
    chmodSync(file, stats.mode & (stats.isDirectory() ? 0o755 : 0o700))
    return [`Took the rights of other users from ${file}.`]
  })
}

function mendSearch(path: string, migrations: readonly Migration[]): string[] {
  const db = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS })
  try {
    if (versionOf(db, path, migrations) !== migrations.length || isIndexWhole(db)) return []
    db.exec("insert into entry_fts (entry_fts) values ('rebuild')")
    return ['Built the search index anew.']
  } finally {
    db.close()
  }
}
