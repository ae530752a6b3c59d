import type { Entry } from '../../../domain/entries/entry.ts'
import { digestOfOrigin, importedOf } from '../../../domain/entries/imported.ts'
import type { Tombstone } from '../../../domain/entries/tombstone.ts'
import { GLOBAL_SCOPE_ID, outsideScopeId } from '../../../domain/scope.ts'
import type { Reader, Writer } from '../../access.ts'
import type { TombstoneRow } from '../../schema.ts'
import { deleteEntry } from '../entries.ts'

/**
 * Takes an entry and all that hangs on it out of the store, and leaves a tombstone, so that a later import
 * does not bring it back.
 */
export async function buryEntry(
  db: Writer,
  entry: Entry,
  { agentId, at }: { readonly agentId: string; readonly at: string },
): Promise<void> {
  const { id, type, version, scope_id } = entry
  const source = importedOf(entry)
  const imported = source && { scope_id, origin: digestOfOrigin(source), digest: source.digest }
  const tombstone = { id, type, version, deleted_at: at, deleted_by: agentId }
  await Promise.all([
    deleteEntry(db, entry),
    putTombstone(db, { ...tombstone, ...(imported && { imported }) }),
  ])
}

export async function putTombstone(db: Writer, tombstone: Tombstone): Promise<void> {
  const { id, ...rest } = toRow(tombstone)
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

/** Those in this scope that another program's file was read for, the latest last. */
export async function importedTombstones(db: Reader, scopeId: string): Promise<Tombstone[]> {
  const query = db.selectFrom('tombstone').selectAll().where('scope_id', '=', scopeId)
  return (await query.orderBy('deleted_at').orderBy('id').execute()).map(toTombstone)
}

/** A scope goes on as another one. */
export async function moveTombstones(
  db: Writer,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<void> {
  await db.updateTable('tombstone').set({ scope_id: to }).where('scope_id', '=', from).execute()
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
export function toTombstone({ scope_id, origin, digest, ...row }: TombstoneRow): Tombstone {
  const own = { ...row, version: Number(row.version) }
  if (scope_id === null || origin === null || digest === null) return own
  return { ...own, imported: { scope_id: outsideScopeId(scope_id), origin, digest } }
}

function toRow({ imported, ...own }: Tombstone): TombstoneRow {
  if (!imported) return { ...own, scope_id: null, origin: null, digest: null }
  return { ...own, ...imported, scope_id: imported.scope_id ?? GLOBAL_SCOPE_ID }
}
