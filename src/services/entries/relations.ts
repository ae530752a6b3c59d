import { type Clock, isoTime } from '../../domain/clock.ts'
import type { Entry } from '../../domain/entries/entry.ts'
import { type Relation, SUPERSEDES } from '../../domain/entries/relation.ts'
import { AppError } from '../../domain/errors.ts'
import { newId } from '../../domain/ids.ts'
import { decodeTextCursor } from '../../domain/page.ts'
import { GLOBAL_SCOPE_ID } from '../../domain/scope.ts'
import { findEntry } from '../../store/entries/entries.ts'
import {
  deleteRelation,
  findRelation,
  findRelationBetween,
  insertRelation,
  listRelations,
} from '../../store/entries/relations.ts'
import { supersedes } from '../../store/entries/superseded.ts'
import { scopeChain } from '../../store/scopes/scopes.ts'
import type { Store, WriteUnit } from '../../store/store.ts'
import type { Sight } from '../access/sight.ts'
import { wholePage } from '../access/whole-page.ts'
import { entryChange } from '../entry-changes.ts'
import type { Caller } from '../running/caller.ts'
import { unknownId } from './unknown-id.ts'

/** Links between entries. */
export class Relations {
  readonly #store: Store
  readonly #clock: Clock
  readonly #sight: Sight

  constructor(store: Store, { clock, sight }: { clock: Clock; sight: Sight }) {
    this.#store = store
    this.#sight = sight
    this.#clock = clock
  }

  async create(
    caller: Caller,
    given: {
      from_id: string
      to_id: string
      relation_type: string
      metadata?: Record<string, unknown> | undefined
    },
  ): Promise<Relation> {
    if (given.from_id === given.to_id)
      throw new AppError('INVALID_PARAMETER', 'to_id: an entry cannot be linked with itself.')
    return this.#store.write(async (unit) => {
      const ends = [
        await requireEntry(unit, caller, given.from_id),
        await requireEntry(unit, caller, given.to_id),
      ]
      const existing = await findRelationBetween(unit.db, given)
      if (existing) {
        throw new AppError('ALREADY_EXISTS', `These two are linked so already (${existing.id}).`, {
          details: { id: existing.id },
          suggestion: 'Nothing more to do; or use another relation_type.',
        })
      }
      await refuseCycle(unit, given)
      const now = this.#clock.now()
      const { metadata = {}, ...link } = given
      const made = { id: newId(now), ...link, metadata, created_at: isoTime(now), created_by: caller.agentId }
      await insertRelation(unit.db, made)
      for (const entry of ends) await recordLink(unit, caller, entry, made.id)
      return made
    })
  }

  async delete(caller: Caller, id: string): Promise<Relation> {
    return this.#store.write(async (unit) => {
      const relation = await findRelation(unit.db, id)
      if (!relation) throw await unknownId(unit.db, { id, type: 'relation', rights: caller.rights })
      await deleteRelation(unit.db, id)
      for (const end of [relation.from_id, relation.to_id]) {
        await recordLink(unit, caller, await requireEntry(unit, caller, end), id)
      }
      return relation
    })
  }

  /** Of the links only those whose other end the caller may read. */
  async list(
    caller: Caller,
    request: {
      entry_id: string
      direction: 'from' | 'to' | 'both'
      relation_type?: string | undefined
      limit: number
      cursor?: string | undefined
    },
  ): Promise<{ relations: Relation[]; next_cursor?: string }> {
    const { entry_id: entryId, direction, relation_type: relationType = null } = request
    const { page, next } = await wholePage({
      limit: request.limit,
      after: decodeTextCursor(request.cursor),
      read: (beforeId, limit) =>
        this.#store.read((db) => listRelations(db, { entryId, direction, relationType, beforeId, limit })),
      keyOf: (relation) => relation.id,
      seen: (relations) =>
        this.#sight.of(caller, relations, ({ from_id, to_id }, places) =>
          places.entry(from_id === entryId ? to_id : from_id),
        ),
    })
    return { relations: page, ...next }
  }
}

/** Two that stand in each other's place would both be read nowhere. */
async function refuseCycle(
  { db }: WriteUnit,
  { from_id, to_id, relation_type }: { from_id: string; to_id: string; relation_type: string },
): Promise<void> {
  if (relation_type !== SUPERSEDES || !(await supersedes(db, to_id, from_id))) return
  throw new AppError('INVALID_PARAMETER', 'to_id: that entry supersedes this one already.', {
    suggestion: 'Turn the ends round, or delete the other relation first (memory_relation list).',
  })
}

async function requireEntry({ db }: WriteUnit, { rights }: Caller, id: string): Promise<Entry> {
  const entry = await findEntry(db, id)
  if (!entry) throw await unknownId(db, { id, rights })
  return entry
}

/** Logs that a link of this entry came or went. */
export async function recordLink(
  unit: WriteUnit,
  caller: Caller,
  entry: Entry,
  relationId: string,
): Promise<void> {
  const chain = await scopeChain(unit.db, entry.scope_id ?? GLOBAL_SCOPE_ID)
  unit.record(entryChange('entry.updated', entry, chain, { ...caller, detail: { relation_id: relationId } }))
}
