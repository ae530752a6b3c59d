import { chmodSync, existsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Kysely } from 'kysely'
import type { Writer } from '../../../access.ts'
import { mendStored } from '../../../check/contents.ts'
import { isReadable, missingParts } from '../../../check/parts.ts'
import type { Migration } from '../../../migrate.ts'
import type { Schema } from '../../../schema.ts'
import { sqliteKysely } from '../../dialect.ts'
import { elementsOf } from '../../elements.ts'
import { parts } from '../../parts.ts'
import { versionOf } from '../identity.ts'
import { isIndexWhole } from './check-contents.ts'
import { isOpenToOthers } from './check-place.ts'

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
    const kysely = sqliteKysely<Schema>(db, 'begin immediate')
    if (!isReadable(await missingParts(kysely, parts))) return []
    const mended = await kysely
      .transaction()
      .execute((tx: Kysely<Schema>) => mendStored(tx as Writer, { elementsOf }))
    return [...mended, ...mendSearch(db)]
  } finally {
    db.close()
  }
}

function mendSearch(db: DatabaseSync): string[] {
  if (isIndexWhole(db)) return []
  db.exec("insert into entry_words (entry_words) values ('rebuild')")
  return ['Built the search index anew.']
}
