import type { Clock } from '../../domain/clock.ts'
import type { Entry } from '../../domain/entries/entry.ts'
import { changedFields, mergeFields } from '../../domain/entries/merge.ts'
import { AppError } from '../../domain/errors.ts'
import type { Scope } from '../../domain/scope.ts'
import { nextVersion } from '../../domain/version.ts'
import { replaceEntry } from '../../store/entries/entries.ts'
import { findRevision } from '../../store/entries/revisions.ts'
import type { WriteUnit } from '../../store/store.ts'
import { entryChange } from '../entry-changes.ts'
import type { Caller } from '../running/caller.ts'
import { conflictError, recordConflict } from './conflict-record.ts'
import { lastWriters } from './field-writers.ts'
import { refuseRename } from './names.ts'

/** A change to some fields of an entry; null takes an own field out. */
export type Patch = Readonly<Record<string, unknown>>

/** A later version, and what it took to get there. */
export type Updated = Entry & { readonly merged?: true; readonly conflict_id?: string }

/** A write by another agent this shortly before, without `base_version`, was most likely not seen. */
const UNSEEN_MS = 5_000

/** An entry inside a write, with its scope's chain. */
export interface Located {
  readonly current: Entry
  readonly chain: readonly Scope[]
}

/** What a change to an entry that is there makes of it, inside a write. */
export class EntryPatches {
  readonly #clock: Clock

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** The last writer wins. A change that overwrites one which the caller cannot have seen records a conflict. */
  async overwrite(
    unit: WriteUnit,
    caller: Caller,
    { current, chain, patch }: Located & { patch: Patch },
  ): Promise<Updated> {
    const fields = changedFields(current, patch)
    if (fields.length === 0) return current
    const updated = await this.put(unit, caller, { current, chain }, patch)
    const since = this.#clock.now() - UNSEEN_MS
    const isSeen = (version: Entry) =>
      version.updated_by === caller.agentId || Date.parse(version.updated_at) <= since
    if (isSeen(current)) return updated
    const writers = await lastWriters(unit.db, current, { fields, isSeen })
    const [latest] = writers
    if (!latest) return updated
    const conflict = {
      kind: 'overwritten',
      fields: writers.map(({ field }) => field),
      current,
      currentAgent: latest.agentId,
      incoming: updated,
      baseVersion: null,
      chain,
    } as const
    return { ...updated, conflict_id: await recordConflict(unit, caller, conflict, this.#clock.now()) }
  }

  /** Changes to different fields merge; a clash leaves a conflict behind, and its error is answered, not thrown. */
  async merge(
    unit: WriteUnit,
    caller: Caller,
    { current, chain, patch, base }: Located & { patch: Patch; base: number },
  ): Promise<Updated | AppError> {
    if (base > current.version) {
      throw new AppError(
        'INVALID_PARAMETER',
        `base_version: ${base} is newer than the current version ${current.version}.`,
      )
    }
    const seen = base === current.version ? current : await findRevision(unit.db, current.id, base)
    if (!seen)
      throw new AppError('NOT_FOUND', `There is no version ${base} of this entry.`, {
        details: { id: current.id },
      })
    const { changed, clashes } = mergeFields(seen, current, patch)
    if (clashes.length > 0) {
      const incoming = { ...current, ...patch }
      const isSeen = ({ version }: Entry) => version <= base
      const writers = await lastWriters(unit.db, current, { fields: clashes, isSeen })
      const writer = writers.find(({ agentId }) => agentId !== caller.agentId) ?? writers[0]
      const conflict = {
        kind: 'refused',
        fields: clashes,
        current,
        currentAgent: writer?.agentId ?? current.updated_by,
        incoming,
        baseVersion: base,
        chain,
      } as const
      const id = await recordConflict(unit, caller, conflict, this.#clock.now())
      return conflictError(id, conflict)
    }
    const updated = changed.length > 0 ? await this.put(unit, caller, { current, chain }, patch) : current
    return base === current.version ? updated : { ...updated, merged: true }
  }

  /** The next version, whatever was there. */
  async put(unit: WriteUnit, caller: Caller, { current, chain }: Located, patch: Patch): Promise<Entry> {
    if (patch['name'] !== undefined && patch['name'] !== current.name)
      await refuseRename(unit.db, current, patch['name'])
    const after = nextVersion(current, patch, { agentId: caller.agentId, now: this.#clock.now() })
    await replaceEntry(unit.db, current, after)
    unit.record(entryChange(eventOf(current, after), after, chain, caller))
    return after
  }
}

function eventOf(before: Entry, after: Entry) {
  if (before.status === after.status) return 'entry.updated'
  return after.status === 'active' ? 'entry.reactivated' : 'entry.deactivated'
}
