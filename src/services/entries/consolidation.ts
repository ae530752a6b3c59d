import { type Clock, isoTime } from '../../domain/clock.ts'
import type { Entry } from '../../domain/entries/entry.ts'
import { SUPERSEDES } from '../../domain/entries/relation.ts'
import { distinctTags } from '../../domain/entries/tag.ts'
import { ENTRY_TYPES } from '../../domain/entries/types/index.ts'
import { AppError } from '../../domain/errors.ts'
import { newId } from '../../domain/ids.ts'
import { cutPage, decodeTextCursor } from '../../domain/page.ts'
import { GLOBAL_SCOPE_ID, nearestRef, type ScopeRef } from '../../domain/scope.ts'
import { SIMILAR_FROM, similarityTo, wordsToFindBy } from '../../domain/words/ranking/similarity.ts'
import { sketchOf } from '../../domain/words/ranking/sketch.ts'
import type { Reader } from '../../store/access.ts'
import { findAlike } from '../../store/entries/alike.ts'
import { findEntries } from '../../store/entries/entries.ts'
import { listEntries } from '../../store/entries/list.ts'
import { findRelationBetween, insertRelation } from '../../store/entries/relations.ts'
import { supersededAmong, supersedes } from '../../store/entries/superseded.ts'
import type { Store, WriteUnit } from '../../store/store.ts'
import type { Caller, ScopeArgument } from '../running/caller.ts'
import type { Scopes } from '../scopes/scopes.ts'
import { recordLink } from './relations.ts'
import { unknownId } from './unknown-id.ts'
import type { EntryWrites } from './writes.ts'

export interface Outline {
  readonly id: string
  readonly type: string
  readonly name: string
  readonly updated_at: string
}

/** Entries of one scope and type that say nearly the same. */
export interface DuplicateGroup {
  /** The one that would stay. */
  readonly keep: Outline
  readonly duplicates: readonly (Outline & { readonly similarity: number })[]
}

export interface Offers extends ScopeRef {
  readonly groups: readonly DuplicateGroup[]
  readonly next_cursor?: string
}

/** Offers near-duplicates for merging, and merges only those that the caller names. */
export class Consolidation {
  readonly #store: Store
  readonly #scopes: Scopes
  readonly #entryWrites: EntryWrites
  readonly #clock: Clock

  constructor(store: Store, options: { scopes: Scopes; entryWrites: EntryWrites; clock: Clock }) {
    this.#store = store
    this.#scopes = options.scopes
    this.#entryWrites = options.entryWrites
    this.#clock = options.clock
  }

  /** Near-duplicates among the scope's own entries in force, page by page of what it holds, newest first. Some may be missing. */
  async offer(
    caller: Caller,
    request: ScopeArgument & {
      types?: readonly string[] | undefined
      limit: number
      cursor?: string | undefined
    },
  ): Promise<Offers> {
    const near = await this.#scopes.chainForRead(caller, request)
    const chain = near.slice(0, 1)
    const kept = ENTRY_TYPES.flatMap(({ name, keptBy }) => (keptBy === null ? [] : name))
    const scopeIds = chain.map(({ id }) => id)
    const wanted = request.types ?? kept
    const types = wanted.filter((type) => caller.rights?.allows('read', near, type) ?? true)
    const [groups, next] = await this.#store.snapshot(async (db) => {
      const rows = await listEntries(db, {
        scopeIds,
        types,
        status: 'in force',
        at: isoTime(this.#clock.now()),
        tagsInclude: [],
        tagsExclude: [],
        minPriority: null,
        updatedAfter: null,
        beforeId: decodeTextCursor(request.cursor),
        limit: request.limit + 1,
      })
      const { page, next } = cutPage(rows, request.limit, ({ id }) => id)
      return [await this.#groupsOf(db, page), next] as const
    })
    return { groups, ...next, ...nearestRef(chain) }
  }

  /** One stays, with the tags of all; the others are superseded by it, and come back when those relations are deleted. */
  async merge(
    caller: Caller,
    { keep, merge }: { keep: string; merge: readonly string[] },
  ): Promise<{ kept: Entry; merged: string[] }> {
    return this.#store.write(async (unit) => {
      const ids = [...new Set(merge)]
      const found = new Map((await findEntries(unit.db, [keep, ...ids])).map((entry) => [entry.id, entry]))
      const unknown = [keep, ...ids].find((id) => !found.has(id))
      const stays = found.get(keep)
      if (unknown !== undefined || !stays)
        throw await unknownId(unit.db, { id: unknown ?? keep, rights: caller.rights })
      const others = ids.flatMap((id) => found.get(id) ?? [])
      for (const other of others) requireAlike(stays, other)
      for (const other of others) await this.#supersede(unit, caller, stays, other)
      const tags = distinctTags([...stays.tags, ...others.flatMap((other) => other.tags)])
      const kept = await this.#entryWrites.applyIn(unit, caller, keep, { patch: { tags }, check: () => {} })
      return { kept, merged: ids }
    })
  }

  async #groupsOf(db: Reader, page: readonly Entry[]): Promise<DuplicateGroup[]> {
    const grouped = new Set<string>()
    const groups: DuplicateGroup[] = []
    for (const entry of page) {
      if (grouped.has(entry.id)) continue
      const alike = await this.#alikeTo(db, entry)
      const [keep, ...others] = [entry, ...alike].sort(byWorth)
      if (!keep || others.length === 0) continue
      for (const { id } of [keep, ...others]) grouped.add(id)
      const similarity = similarityTo(keep)
      const duplicates = others.map((other) => ({
        ...outline(other),
        similarity: Math.round(similarity(other) * 100) / 100,
      }))
      groups.push({ keep: outline(keep), duplicates })
    }
    return groups
  }

  async #alikeTo(db: Reader, entry: Entry): Promise<Entry[]> {
    const scopeId = entry.scope_id ?? GLOBAL_SCOPE_ID
    const sketch = sketchOf(wordsToFindBy(entry))
    const found = await findAlike(db, { sketch, scopeIds: [scopeId], type: entry.type })
    const similarity = similarityTo(entry)
    const ids = found.filter((other) => other.id !== entry.id && similarity(other) >= SIMILAR_FROM)
    const superseding = { scopeIds: [scopeId], at: isoTime(this.#clock.now()) }
    const gone = await supersededAmong(
      db,
      ids.map(({ id }) => id),
      superseding,
    )
    const alive = ids.filter(({ id }) => !gone.has(id)).map(({ id }) => id)
    return (await findEntries(db, alive)).filter(
      ({ type, status }) => type === entry.type && status === 'active',
    )
  }

  async #supersede(unit: WriteUnit, caller: Caller, stays: Entry, other: Entry): Promise<void> {
    const link = { from_id: stays.id, to_id: other.id, relation_type: SUPERSEDES }
    if (await findRelationBetween(unit.db, link)) return
    if (await supersedes(unit.db, other.id, stays.id))
      throw new AppError('INVALID_PARAMETER', `merge: ${other.id} supersedes the entry that is to stay.`)
    const now = this.#clock.now()
    const made = { id: newId(now), ...link, metadata: { merged: true } }
    await insertRelation(unit.db, { ...made, created_at: isoTime(now), created_by: caller.agentId })
    for (const entry of [stays, other]) await recordLink(unit, caller, entry, made.id)
  }
}

/** What stays: the more important, then the one that was written last. */
function byWorth(a: Entry, b: Entry): number {
  if (a.priority !== b.priority) return b.priority - a.priority
  if (a.updated_at !== b.updated_at) return a.updated_at < b.updated_at ? 1 : -1
  return a.id < b.id ? 1 : -1
}

function outline({ id, type, name, updated_at }: Entry): Outline {
  return { id, type, name, updated_at }
}

function requireAlike(stays: Entry, other: Entry): void {
  if (stays.id === other.id)
    throw new AppError('INVALID_PARAMETER', 'merge: the entry that is to stay is not merged.')
  if (stays.type === other.type && stays.scope_id === other.scope_id) return
  throw new AppError('INVALID_PARAMETER', 'merge: entries of one scope and type can be merged.', {
    details: { id: other.id },
  })
}
