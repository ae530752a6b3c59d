import type { Kysely } from 'kysely'
import { entryType } from '../../domain/entries/types/index.ts'
import { isCurrentText } from '../../domain/words/document.ts'
import { searchText } from '../../domain/words/search-text.ts'
import type { Reader, Writer } from '../access.ts'
import { findEntries } from '../entries/entries.ts'
import { raiseNumber, readNumber } from '../leases/counters.ts'
import type { Schema } from '../schema.ts'
import { wordTable } from './word-table.ts'

/** The row from which on, downwards, entries may still have no terms; the counter is missing when all have. */
const REBUILD_COUNTER = 'search_rebuild'
const ROWS_AT_ONCE = 200

/** Whether entries have the vectors of an older table of words. The oldest entry gets its new one last, so it tells. */
export async function isOfOlderTable(db: Reader): Promise<boolean> {
  const oldest = await db.selectFrom('entry').select('search_text').orderBy('seq').limit(1).executeTakeFirst()
  return oldest !== undefined && !isCurrentText(oldest.search_text)
}

/** Lets every entry be looked at again, from the newest on. */
export async function beginRebuild(db: Writer): Promise<void> {
  const newest = await db.selectFrom('entry').select('seq').orderBy('seq', 'desc').limit(1).executeTakeFirst()
  if (newest) await raiseNumber(db, REBUILD_COUNTER, Number(newest.seq))
}

export async function isRebuilding(db: Reader): Promise<boolean> {
  return (await readNumber(db, REBUILD_COUNTER)) > 0
}

/**
 * Gives the newest entries that have none their terms, and those with a vector of an older table a new one, some hundred in one transaction: killed in the middle, the next start goes
 * on where it was. True while there are more.
 */
export async function rebuildSome(
  db: Writer,
  finish: (db: Kysely<Schema>) => Promise<void>,
): Promise<boolean> {
  const from = await readNumber(db, REBUILD_COUNTER)
  if (from <= 0) return false
  const rows = await db
    .selectFrom('entry')
    .select(['id', 'seq', 'search_text'])
    .where('seq', '<=', from)
    .orderBy('seq', 'desc')
    .limit(ROWS_AT_ONCE)
    .execute()
  await giveTerms(
    db,
    rows.filter((row) => !isCurrentText(row.search_text)).map(({ id }) => id),
  )
  const next = Number(rows.at(-1)?.seq ?? 1) - 1
  if (next > 0)
    await db.updateTable('counter').set({ value: next }).where('name', '=', REBUILD_COUNTER).execute()
  else await end(db, finish)
  return next > 0
}

async function giveTerms(db: Writer, ids: readonly string[]): Promise<void> {
  for (const entry of await findEntries(db, ids)) {
    const search_text = searchText(entry, entryType(entry.type), wordTable())
    await db.updateTable('entry').set({ search_text }).where('id', '=', entry.id).execute()
  }
}

async function end(db: Writer, finish: (db: Kysely<Schema>) => Promise<void>): Promise<void> {
  await db.deleteFrom('counter').where('name', '=', REBUILD_COUNTER).execute()
  await finish(db)
}
