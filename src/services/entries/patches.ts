import type { Clock } from '../../domain/clock.ts'
import type { Entry } from '../../domain/entries/entry.ts'
import { changedFields, writtenFields } from '../../domain/entries/merge.ts'
import { nextVersion } from '../../domain/entries/version.ts'
import type { AppError } from '../../domain/errors.ts'
import type { Scope } from '../../domain/scope.ts'
import { replaceEntry } from '../../store/entries/entries.ts'
import { highestLost } from '../../store/entries/past/lost-versions.ts'
import type { WriteUnit } from '../../store/store.ts'
import { entryChange } from '../entry-changes.ts'
import type { Caller } from '../running/caller.ts'
import { isOwnRepeat, versionsSince } from './conflicts/base-version.ts'
import { conflictError, recordConflict } from './conflicts/conflict-record.ts'
import { lastWriters } from './conflicts/field-writers.ts'
import { takeName } from './names.ts'

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

  /** The last writer wins. A change that overwrites one which the caller cannot have seen records a conflict; with `keepsWords`
   * its content was made of the current one. */
  async overwrite(
    unit: WriteUnit,
    caller: Caller,
    { current, chain, patch, keepsWords = false }: Located & { patch: Patch; keepsWords?: boolean },
  ): Promise<Updated> {
    const fields = changedFields(current, patch)
    if (fields.length === 0) return current
    const updated = await this.put(unit, caller, { current, chain }, patch)
    const since = this.#clock.now() - UNSEEN_MS
    const isSeen = (version: Entry) =>
      version.updated_by === caller.agentId || Date.parse(version.updated_at) <= since
    if (isSeen(current)) return updated
    const writers = await lastWriters(unit.db, current, {
      fields: keepsWords ? fields.filter((field) => field !== 'content') : fields,
      isSeen,
    })
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

  /**
   * Compare-and-set, field by field: a field that any version since `base` wrote clashes, whatever its value. Changes to other
   * fields merge. A clash leaves a conflict behind, and its error is answered, not thrown.
   */
  async merge(
    unit: WriteUnit,
    caller: Caller,
    { current, chain, patch, base }: Located & { patch: Patch; base: number },
  ): Promise<Updated | AppError> {
    const since = await versionsSince(unit.db, { current, patch, base })
    const written = writtenFields(since)
    const clashes = Object.keys(patch).filter((field) => written.has(field))
    const merged = written.size > 0 ? { merged: true as const } : {}
    if (clashes.length === 0) {
      if (changedFields(current, patch).length === 0) return current
      return { ...(await this.put(unit, caller, { current, chain }, patch)), ...merged }
    }
    if (isOwnRepeat(caller, since, patch, clashes))
      return since.length > 2 ? { ...current, ...merged } : current
    return this.#refuse(unit, caller, { current, chain, patch, base, clashes })
  }

  async #refuse(
    unit: WriteUnit,
    caller: Caller,
    { current, chain, patch, base, clashes }: Located & { patch: Patch; base: number; clashes: string[] },
  ): Promise<AppError> {
    const isSeen = ({ version }: Entry) => version <= base
    const writers = await lastWriters(unit.db, current, { fields: clashes, isSeen })
    const writer = writers.find(({ agentId }) => agentId !== caller.agentId) ?? writers[0]
    const conflict = {
      kind: 'refused',
      fields: clashes,
      current,
      currentAgent: writer?.agentId ?? current.updated_by,
      incoming: { ...current, ...patch },
      baseVersion: base,
      chain,
    } as const
    const id = await recordConflict(unit, caller, conflict, this.#clock.now())
    const ownAt = conflict.currentAgent === caller.agentId ? (writer?.at ?? current.updated_at) : undefined
    return conflictError(id, conflict, ownAt)
  }

  /** The next version, whatever was there. */
  async put(unit: WriteUnit, caller: Caller, { current, chain }: Located, patch: Patch): Promise<Entry> {
    const { name } = patch
    const isRename = typeof name === 'string' && name !== current.name
    const retired = isRename ? await takeName(unit.db, current, name) : highestLost(unit.db)
    const after = nextVersion(current, patch, { agentId: caller.agentId, now: this.#clock.now(), retired })
    unit.later(replaceEntry(unit.db, current, after))
    unit.record(entryChange(eventOf(current, after), after, chain, caller))
    return after
  }
}

function eventOf(before: Entry, after: Entry) {
  if (before.status === after.status) return 'entry.updated'
  return after.status === 'active' ? 'entry.reactivated' : 'entry.deactivated'
}
