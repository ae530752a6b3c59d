import { chmodSync, existsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { checkTags, repairTags } from '../../check/tags.ts'
import type { Migration } from '../../migrate.ts'
import { sqliteKysely } from '../dialect.ts'
import { elementsOf } from '../elements.ts'
import { isIndexWhole } from './check-contents.ts'
import { isOpenToOthers } from './check-place.ts'
import { versionOf } from './identity.ts'

const BUSY_TIMEOUT_MS = 30_000

/** Mends what needs no decision: rights that are too wide, indexes that are not whole. Says what it did. */
export async function mendDatabase(path: string, migrations: readonly Migration[]): Promise<string[]> {
  if (!existsSync(path)) return []
  return [...(await mendIndexes(path, migrations)), ...mendRights(path)]
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

async function mendIndexes(path: string, migrations: readonly Migration[]): Promise<string[]> {
  const db = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS })
  try {
    if (versionOf(db, path, migrations) !== migrations.length) return []
    return [...(await mendTags(db)), ...mendSearch(db)]
  } finally {
    db.close()
  }
}

async function mendTags(db: DatabaseSync): Promise<string[]> {
  const kysely = sqliteKysely(db, 'begin immediate')
  if ((await checkTags(kysely, elementsOf('entry.tags'))).level === 'ok') return []
  await kysely.transaction().execute((transaction) => repairTags(transaction, elementsOf('entry.tags')))
  return ['Made the tag index say what the entries say.']
}

function mendSearch(db: DatabaseSync): string[] {
  if (isIndexWhole(db)) return []
  db.exec("insert into entry_words (entry_words) values ('rebuild')")
  return ['Built the search index anew.']
}
