import { readable } from '../../domain/access/rights.ts'
import { type Clock, isoTime } from '../../domain/clock.ts'
import type { Entry, EntryStatus } from '../../domain/entries/entry.ts'
import { changedFields } from '../../domain/entries/merge.ts'
import { distinctTags, hasTag } from '../../domain/entries/tag.ts'
import { editedText, type TextEdit } from '../../domain/entries/text-edit.ts'
import { firstVersion, type NewEntry } from '../../domain/entries/version.ts'
import { AppError } from '../../domain/errors.ts'
import { GLOBAL_SCOPE_ID, type Scope } from '../../domain/scope.ts'
import type { Reader } from '../../store/access.ts'
import { findEntry, insertEntries, takenNames } from '../../store/entries/entries.ts'
import { retiredVersions } from '../../store/entries/past/retired-names.ts'
import { buryEntry } from '../../store/entries/past/tombstones.ts'
import { scopeChain } from '../../store/scopes/scopes.ts'
import type { Store, WriteUnit } from '../../store/store.ts'
import { entryChange } from '../entry-changes.ts'
import type { Caller, ScopeArgument } from '../running/caller.ts'
import type { Scopes } from '../scopes/scopes.ts'
import { withBlobs } from './anchors.ts'
import { refuseOthersBase, versionsSince } from './base-version.ts'
import { type EntryArgument, entryById, entryByName, requireIdOrName } from './lookup.ts'
import { refuseRepeated, refuseTaken } from './names.ts'
import { EntryPatches, type Located, type Patch, type Updated } from './patches.ts'
import { findSimilar, type SimilarEntry } from './similar.ts'

/** New entries of one type, and the scope that they go to, with its chain. */
interface Addition {
  readonly type: string
  readonly chain: readonly Scope[]
  readonly entries: readonly NewEntry[]
  readonly upsert: boolean
}

/** Changing memories. Every method is one transaction: all or nothing. */
export class EntryWrites {
  readonly #store: Store
  readonly #scopes: Scopes
  readonly #clock: Clock
  readonly #patches: EntryPatches

  constructor(store: Store, scopes: Scopes, clock: Clock) {
    this.#store = store
    this.#scopes = scopes
    this.#clock = clock
    this.#patches = new EntryPatches(clock)
  }

  /** Adds all or none, into one scope. With `upsert`, a name that is there already is updated instead. */
  async add(
    caller: Caller,
    type: string,
    given: ScopeArgument & { entries: readonly NewEntry[]; upsert: boolean },
  ): Promise<Entry[]> {
    const entries: NewEntry[] = []
    for (const entry of given.entries) entries.push(await withBlobs(caller, entry))
    const request = { ...given, entries }
    return this.#store.write(
      async (unit) => {
        const chain = await this.#scopes.chainForWrite(unit, caller, request)
        return this.#addTo(unit, caller, { ...request, type, chain })
      },
      inOneScope(caller, request),
    )
  }

  /** Adds one, and says what in reach reads nearly the same. */
  async addOne(
    caller: Caller,
    type: string,
    { entry: given, ...request }: ScopeArgument & { entry: NewEntry; upsert: boolean },
  ): Promise<Entry & { readonly similar?: readonly SimilarEntry[] }> {
    const entry = await withBlobs(caller, given)
    return this.#store.write(
      async (unit) => {
        const chain = await this.#scopes.chainForWrite(unit, caller, request)
        // Before the entry itself is there to be found.
        const seen = readable(caller.rights, chain, [type]).chain
        const [found, [added]] = await Promise.all([
          findSimilar(unit.db, seen, { ...entry, type }),
          this.#addTo(unit, caller, { ...request, type, chain, entries: [entry] }),
        ])
        if (!added) throw new RangeError('one entry in, one entry out')
        // An upsert is no near-duplicate of itself.
        const similar = found.filter(({ id }) => id !== added.id)
        return similar.length > 0 ? { ...added, similar } : added
      },
      inOneScope(caller, request),
    )
  }

  /** Changes some fields. A refused change leaves a conflict behind with both sides' words. */
  async update(
    caller: Caller,
    type: string,
    argument: EntryArgument & {
      patch: Patch
      edit?: TextEdit | undefined
      base_version?: number | undefined
      /** Only where it still is at that version: nothing is merged, and no conflict recorded. */
      isStrict?: boolean
    },
  ): Promise<Updated> {
    const written = await withBlobs(caller, argument.patch)
    const outcome = await this.#store.write(
      async (unit) => {
        const { edit, base_version: base } = argument
        const located = await this.#locate(unit, caller, type, argument)
        const { current } = located
        if (argument.isStrict) requireVersion(current, base)
        if (base !== undefined && argument.id === undefined)
          await refuseOthersBase(unit.db, { current, patch: written, base })
        const patch = await withEdit(unit.db, { ...argument, patch: written, edit, current })
        if (base !== undefined) return this.#patches.merge(unit, caller, { ...located, patch, base })
        return this.#patches.overwrite(unit, caller, { ...located, patch, keepsWords: edit !== undefined })
      },
      inOneScope(caller, argument),
    )
    // Thrown outside of the transaction: the recorded conflict must stay.
    if (outcome instanceof AppError) throw outcome
    return outcome
  }

  /** Hides an entry from every read that does not ask for it, or shows it again. Doing it twice changes nothing. */
  async setStatus(
    caller: Caller,
    type: string,
    argument: EntryArgument,
    status: EntryStatus,
  ): Promise<Entry> {
    return this.#store.write(
      async (unit) => {
        const located = await this.#locate(unit, caller, type, argument)
        if (located.current.status === status) return located.current
        return this.#patches.put(unit, caller, located, { status })
      },
      inOneScope(caller, argument),
    )
  }

  /** Adds and takes away tags; a new version only where that changes something. */
  async changeTags(
    caller: Caller,
    id: string,
    change: { attach: readonly string[]; detach: readonly string[] },
  ): Promise<Entry> {
    return this.#store.write(
      async (unit) => {
        const located = await this.#locateAny(unit, id)
        const all = distinctTags([...located.current.tags, ...change.attach])
        const tags = all.filter((tag) => !hasTag([tag], change.detach))
        if (changedFields(located.current, { tags }).length === 0) return located.current
        return this.#patches.put(unit, caller, located, { tags })
      },
      inOneScope(caller, { id }),
    )
  }

  /** Takes the entry, its versions, tags and relations out for good; a tombstone is kept. */
  async delete(
    caller: Caller,
    type: string,
    argument: EntryArgument & { base_version?: number | undefined },
  ): Promise<Entry> {
    return this.#store.write(
      async (unit) => {
        const { current, chain } = await this.#locate(unit, caller, type, argument)
        requireVersion(current, argument.base_version)
        unit.later(buryEntry(unit.db, current, { ...caller, at: isoTime(this.#clock.now()) }))
        unit.record(
          entryChange('entry.deleted', current, chain, { ...caller, detail: { name: current.name } }),
        )
        return current
      },
      inOneScope(caller, argument),
    )
  }

  /**
   * Applies a patch to the entry with that id inside a write that the caller has begun and that may refuse
   * what it finds.
   */
  async applyIn(
    unit: WriteUnit,
    caller: Caller,
    id: string,
    { patch, check }: { patch: Patch; check: (current: Entry) => void },
  ): Promise<Entry> {
    const located = await this.#locateAny(unit, id)
    check(located.current)
    if (changedFields(located.current, patch).length === 0) return located.current
    return this.#patches.put(unit, caller, located, patch)
  }

  async #addTo(
    unit: WriteUnit,
    caller: Caller,
    { type, chain, entries, upsert }: Addition,
  ): Promise<Entry[]> {
    const target = chain[0]
    if (!target) throw new RangeError('a scope chain is never empty')
    const names = entries.map((entry) => entry.name)
    refuseRepeated(names)
    const place = { scopeId: target.id, type, names }
    const [taken, retired] = await Promise.all([takenNames(unit.db, place), retiredVersions(unit.db, place)])
    if (!upsert) refuseTaken(type, names, taken)
    const fresh = entries.filter((entry) => !taken.has(entry.name))
    const author = { agentId: caller.agentId, now: this.#clock.now() }
    const first = (entry: NewEntry) =>
      firstVersion(type, target, entry, { ...author, retired: retired.get(entry.name) })
    const added = new Map(fresh.map((entry) => [entry.name, first(entry)]))
    unit.later(insertEntries(unit.db, [...added.values()], target.id))
    for (const entry of added.values()) unit.record(entryChange('entry.created', entry, chain, caller))
    const result: Entry[] = []
    for (const entry of entries) {
      const made = added.get(entry.name)
      result.push(
        made ?? (await this.#upsert(unit, caller, { chain, id: taken.get(entry.name) ?? '', entry })),
      )
    }
    return result
  }

  async #upsert(
    unit: WriteUnit,
    caller: Caller,
    { chain, id, entry }: { chain: readonly Scope[]; id: string; entry: NewEntry },
  ): Promise<Entry> {
    const current = await findEntry(unit.db, id)
    if (!current) throw new RangeError('an upsert of an entry that its own transaction has just seen')
    const patch = { ...entry, status: 'active' }
    const changed = changedFields(current, withoutUndefined(patch))
    if (changed.length === 0) return current
    return this.#patches.overwrite(unit, caller, { current, chain, patch: withoutUndefined(patch) })
  }

  async #locate(unit: WriteUnit, caller: Caller, type: string, argument: EntryArgument): Promise<Located> {
    requireIdOrName(argument)
    if (argument.id !== undefined) {
      const { id } = argument
      return located(unit, () => entryById(unit.db, type, id))
    }
    const chain = await this.#scopes.chainForWrite(unit, caller, argument)
    const { entry } = await entryByName(unit.db, type, {
      chain: chain.slice(0, 1),
      name: argument.name ?? '',
      at: isoTime(this.#clock.now()),
      status: 'all',
      reach: chain,
      rights: caller.rights,
    })
    return { current: entry, chain }
  }

  async #locateAny(unit: WriteUnit, id: string): Promise<Located> {
    return located(unit, async () => {
      const found = await findEntry(unit.db, id)
      if (found) return found
      throw new AppError('NOT_FOUND', 'No entry has that id.', { details: { id: id.slice(0, 64) } })
    })
  }
}

/** How the store is to run a change of one scope's entries. Calls with the same words for the scope stand in one line. */
function inOneScope(caller: Caller, argument: ScopeArgument & { readonly id?: string | undefined }) {
  const { id, scope_type: type, scope_id: scopeId } = argument
  const { project, root } = caller.workspace ?? {}
  const line = id === undefined ? [type, scopeId ?? [project, root]] : ['entry', id]
  return { changes: 'one scope', line: JSON.stringify(line) } as const
}

/**
 * The entry, once no other writer can change its scope. Only a writer with all locks can move it to another scope, and where this is
 * one nothing was in between the two looks at it.
 */
async function located(unit: WriteUnit, find: () => Promise<Entry>): Promise<Located> {
  const before = await find()
  const scopeId = before.scope_id ?? GLOBAL_SCOPE_ID
  const [isNew, current, chain] = await Promise.all([
    unit.claim(scopeId),
    find(),
    scopeChain(unit.db, scopeId),
  ])
  return { current: isNew ? current : before, chain }
}

function requireVersion({ id, version }: Entry, base: number | undefined): void {
  if (base === undefined || base === version) return
  throw new AppError('CONFLICT', `The entry is at version ${version}, not ${base}.`, {
    details: { id, current_version: version },
  })
}

/** The patch, and the content that an edit makes of the version that it was made on: else of the current one. */
async function withEdit(
  db: Reader,
  request: { current: Entry; patch: Patch; edit: TextEdit | undefined; base_version?: number | undefined },
): Promise<Patch> {
  const { current, patch, edit, base_version: base } = request
  if (!edit) return patch
  const [made = current] = base === undefined ? [] : await versionsSince(db, { current, patch, base })
  return { ...patch, content: editedText(made.content, edit) }
}

function withoutUndefined(fields: Readonly<Record<string, unknown>>): Patch {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}
