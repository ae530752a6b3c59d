import { type Clock, isoTime } from '../../../domain/clock.ts'
import type { Conflict, Resolution } from '../../../domain/entries/conflict.ts'
import type { Entry } from '../../../domain/entries/entry.ts'
import { checkFields } from '../../../domain/entries/fields.ts'
import { pick } from '../../../domain/entries/merge.ts'
import { AppError } from '../../../domain/errors.ts'
import { decodeTextCursor } from '../../../domain/page.ts'
import { GLOBAL_SCOPE_ID } from '../../../domain/scope.ts'
import { findConflict, listConflicts, markResolved } from '../../../store/entries/conflicts.ts'
import { scopeChain } from '../../../store/scopes/scopes.ts'
import type { Store } from '../../../store/store.ts'
import type { Sight } from '../../access/sight.ts'
import { wholePage } from '../../access/whole-page.ts'
import { entryChange } from '../../entry-changes.ts'
import type { Caller, ScopeArgument } from '../../running/caller.ts'
import type { Scopes } from '../../scopes/scopes.ts'
import { unknownId } from '../unknown-id.ts'
import type { EntryWrites } from '../writes.ts'

export type MergedValues = Readonly<Record<string, unknown>>

interface ConflictParts {
  readonly scopes: Scopes
  readonly entryWrites: EntryWrites
  readonly sight: Sight
  readonly clock: Clock
}

/** Changes that collided: both sides' values are kept until an agent settles the conflict. */
export class Conflicts {
  readonly #store: Store
  readonly #scopes: Scopes
  readonly #entryWrites: EntryWrites
  readonly #sight: Sight
  readonly #clock: Clock

  constructor(store: Store, parts: ConflictParts) {
    this.#store = store
    this.#scopes = parts.scopes
    this.#entryWrites = parts.entryWrites
    this.#sight = parts.sight
    this.#clock = parts.clock
  }

  get({ rights }: Caller, id: string): Promise<Conflict> {
    return this.#store.read(async (db) => {
      const conflict = await findConflict(db, id)
      if (!conflict) throw await unknownId(db, { id, type: 'conflict', rights })
      return conflict
    })
  }

  /** Newest first: of one scope, of one entry, or of what the current project reaches. */
  async list(
    caller: Caller,
    request: ScopeArgument & {
      status: Conflict['status'] | 'all'
      entry_id?: string | undefined
      limit: number
      cursor?: string | undefined
    },
  ): Promise<{ conflicts: Conflict[]; next_cursor?: string }> {
    const isScoped = request.scope_type !== undefined || request.scope_id !== undefined
    const chain = await this.#scopes.chainForRead(caller, request)
    const reach = chain.map((scope) => scope.id)
    const filter = {
      status: request.status === 'all' ? null : request.status,
      entryId: request.entry_id ?? null,
      scopeIds: isScoped ? reach.slice(0, 1) : request.entry_id === undefined ? reach : null,
      sessionsOf: isScoped ? [] : reach,
    }
    const { page, next } = await wholePage({
      limit: request.limit,
      after: decodeTextCursor(request.cursor),
      read: (beforeId, limit) => this.#store.read((db) => listConflicts(db, { ...filter, beforeId, limit })),
      keyOf: (conflict) => conflict.id,
      seen: (conflicts) =>
        this.#sight.of(caller, conflicts, ({ scope_id, entry_type }, places) =>
          places.at(scope_id, entry_type),
        ),
    })
    return { conflicts: page, ...next }
  }

  /** Writes the chosen values as a new version (where they are not the entry's already) and closes the conflict. */
  async resolve(
    caller: Caller,
    id: string,
    choice: { resolution: Resolution; merged: MergedValues; base_version?: number | undefined },
  ): Promise<{ conflict: Conflict; entry: Entry }> {
    return this.#store.write(async (unit) => {
      const conflict = await findConflict(unit.db, id)
      if (!conflict) throw await unknownId(unit.db, { id, type: 'conflict', rights: caller.rights })
      if (conflict.status === 'resolved') {
        throw new AppError('CONFLICT', `This conflict was settled already (${conflict.resolution}).`, {
          details: { id },
        })
      }
      const values = chosenValues(conflict, choice)
      const check = (current: Entry) => refuseUnseen(conflict, current, { values, seen: choice.base_version })
      const entry = await this.#entryWrites.applyIn(unit, caller, conflict.entry_id, { patch: values, check })
      const at = isoTime(this.#clock.now())
      await markResolved(unit.db, id, { resolution: choice.resolution, at, agentId: caller.agentId })
      const chain = await scopeChain(unit.db, entry.scope_id ?? GLOBAL_SCOPE_ID)
      unit.record(entryChange('conflict.resolved', entry, chain, { ...caller, detail: { conflict_id: id } }))
      const resolved = await findConflict(unit.db, id)
      return { conflict: resolved ?? conflict, entry }
    })
  }
}

/** A caller that has only seen the conflict does not write over newer values. */
function refuseUnseen(
  conflict: Conflict,
  current: Entry,
  { values, seen }: { values: MergedValues; seen: number | undefined },
): void {
  const settled = conflict.kind === 'refused' ? conflict.current_version : conflict.current_version + 1
  if (current.version === (seen ?? settled) || Object.keys(values).length === 0) return
  const fields = conflict.fields
  throw new AppError(
    'CONFLICT',
    `The entry has moved on to version ${current.version} since this conflict.`,
    {
      details: {
        id: conflict.id,
        entry_id: current.id,
        current_version: current.version,
        current: pick(current, fields),
      },
      suggestion: `Read what it says now (details.current), and resolve with base_version: ${current.version}.`,
    },
  )
}

function chosenValues(
  conflict: Conflict,
  { resolution, merged }: { resolution: Resolution; merged: MergedValues },
): MergedValues {
  // The side that stands already is left alone: the entry may have moved on since.
  if (resolution === 'current') return conflict.kind === 'refused' ? {} : conflict.current_values
  if (resolution === 'incoming') return conflict.kind === 'overwritten' ? {} : conflict.incoming_values
  const foreign = Object.keys(merged).find((field) => !conflict.fields.includes(field))
  if (foreign !== undefined) {
    throw new AppError('INVALID_PARAMETER', `merged.${foreign}: this field is not part of the conflict.`, {
      details: { fields: conflict.fields },
    })
  }
  const missing = conflict.fields.find((field) => !(field in merged))
  if (missing === undefined) return checkFields(conflict.entry_type, merged)
  throw new AppError(
    'MISSING_FIELD',
    `merged.${missing}: give the merged value of every field in conflict.`,
    {
      details: { fields: conflict.fields },
    },
  )
}
