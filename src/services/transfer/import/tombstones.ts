import type { Entry } from '../../../domain/entries/entry.ts'
import type { Tombstone } from '../../../domain/entries/tombstone.ts'
import { GLOBAL_SCOPE_ID, outsideScopeId } from '../../../domain/scope.ts'
import type { RecordOf } from '../../../domain/transfer.ts'
import { findEntry } from '../../../store/entries/entries.ts'
import { buryEntry, findTombstones, putTombstone } from '../../../store/entries/past/tombstones.ts'
import { scopeChain } from '../../../store/scopes/scopes.ts'
import { entryChange } from '../../entry-changes.ts'
import { type ImportRun, isSame, type Outcome } from './run.ts'

/** What was deleted where the file comes from is deleted here too, unless it has been changed here meanwhile. */
export async function importTombstone(
  run: ImportRun,
  { tombstone: given }: RecordOf<'tombstone'>,
  line: number,
): Promise<Outcome> {
  const tombstone = asHere(run, given)
  const { db } = run.unit
  const here = await findEntry(db, tombstone.id)
  if (here) return meet(run, { here, tombstone, line })
  const [known] = await findTombstones(db, [tombstone.id])
  if (isSame(known, tombstone)) return 'identical'
  if (known && known.deleted_at >= tombstone.deleted_at) return 'kept'
  await putTombstone(db, tombstone)
  return known ? 'replaced' : 'added'
}

/** A scope of the file may have another id here. */
function asHere(run: ImportRun, { imported, ...own }: Tombstone): Tombstone {
  if (!imported) return own
  return { ...own, imported: { ...imported, scope_id: outsideScopeId(run.scopeId(imported.scope_id)) } }
}

async function meet(
  run: ImportRun,
  { here, tombstone, line }: { here: Entry; tombstone: Tombstone; line: number },
): Promise<Outcome> {
  const clash = {
    kind: 'tombstone',
    id: here.id,
    here: here.updated_at,
    given: tombstone.deleted_at,
  } as const
  const isWanted = run.onConflict === 'refuse' && isSeen(here, tombstone)
  if (!isWanted && !run.replaces(line, clash)) return 'kept'
  const { unit, caller } = run
  const chain = await scopeChain(unit.db, here.scope_id ?? GLOBAL_SCOPE_ID)
  await buryEntry(unit.db, here, { agentId: tombstone.deleted_by, at: tombstone.deleted_at })
  await putTombstone(unit.db, { ...tombstone, version: Math.max(tombstone.version, here.version) })
  const detail = { name: here.name }
  unit.record(entryChange('entry.deleted', here, chain, { ...caller, detail }))
  return 'replaced'
}

/** True when the deletion came after the version in the other place: its author knew that version. */
export function isSeen(
  entry: Pick<Entry, 'version' | 'updated_at'>,
  { version, deleted_at }: Tombstone,
): boolean {
  return entry.version <= version && Date.parse(entry.updated_at) <= Date.parse(deleted_at)
}
