import type { Entry } from '../../domain/entries/entry.ts'
import type { Tombstone } from '../../domain/entries/tombstone.ts'
import type { Reader, Writer } from '../access.ts'
import { deleteEntry } from './entries.ts'

/** Takes an entry and all that hangs on it out of the store, and remembers that somebody wanted so. */
export async function buryEntry(
  db: Writer,
  { id, type, version, ...rest }: Entry,
  { agentId, at }: { readonly agentId: string; readonly at: string },
): Promise<void> {
  await deleteEntry(db, { id, type, version, ...rest })
  await putTombstone(db, { id, type, version, deleted_at: at, deleted_by: agentId })
}

export async function putTombstone(db: Writer, { id, ...rest }: Tombstone): Promise<void> {
  await db
    .insertInto('tombstone')
    .values({ id, ...rest })
    .onConflict((c) => c.column('id').doUpdateSet(rest))
    .execute()
}

export async function findTombstones(db: Reader, ids: readonly string[]): Promise<Tombstone[]> {
  if (ids.length === 0) return []
  return (await db.selectFrom('tombstone').selectAll().where('id', 'in', ids).execute()).map(toTombstone)
}

/** Entries with these ids are back. */
export async function deleteTombstones(db: Writer, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await db.deleteFrom('tombstone').where('id', 'in', ids).execute()
}

export async function tombstonesAfter(db: Reader, afterId: string, limit: number): Promise<Tombstone[]> {
  const query = db.selectFrom('tombstone').selectAll().where('id', '>', afterId)
  return (await query.orderBy('id').limit(limit).execute()).map(toTombstone)
}

/** A driver may give the version as a text. */
export function toTombstone(row: Tombstone): Tombstone {
  return { ...row, version: Number(row.version) }
}
