import { type Clock, isoTime } from '../../domain/clock.ts'
import type { Entry, EntryStatus } from '../../domain/entries/entry.ts'
import { changedFields } from '../../domain/entries/merge.ts'
import { distinctTags, hasTag } from '../../domain/entries/tag.ts'
import { editedText, type TextEdit } from '../../domain/entries/text-edit.ts'
import type { NewEntry } from '../../domain/entries/version.ts'
import { AppError } from '../../domain/errors.ts'
import { GLOBAL_SCOPE_ID } from '../../domain/scope.ts'
import type { Reader } from '../../store/access.ts'
import { findEntry } from '../../store/entries/entries.ts'
import { buryEntry } from '../../store/entries/past/tombstones.ts'
import { scopeChain } from '../../store/scopes/scopes.ts'
import type { Store, WriteUnit } from '../../store/store.ts'
import { entryChange } from '../entry-changes.ts'
import type { Caller, ScopeArgument } from '../running/caller.ts'
import type { Scopes } from '../scopes/scopes.ts'
import { type Addition, Additions, wordsAhead } from './adding/additions.ts'
import type { SimilarEntry } from './adding/similar.ts'
import { withBlobs } from './anchors.ts'
import { refuseOthersBase, versionsSince } from './conflicts/base-version.ts'
import { type EntryArgument, entryById, entryByName, requireIdOrName } from './lookup.ts'
import { EntryPatches, type Located, type Patch, type Updated } from './patches.ts'
import { unknownId } from './unknown-id.ts'

/** Changing memories. Every method is one transaction: all or nothing. */
export class EntryWrites {
  readonly #store: Store
  readonly #scopes: Scopes
  readonly #clock: Clock
  readonly #patches: EntryPatches
  readonly #additions: Additions

  constructor(store: Store, scopes: Scopes, clock: Clock) {
    this.#store = store
    this.#scopes = scopes
    this.#clock = clock
    this.#patches = new EntryPatches(clock)
    this.#additions = new Additions({ scopes, clock, patches: this.#patches })
  }

  /** Adds all or none, into one scope. With `upsert`, a name that is there already is updated instead. */
  async add(
    caller: Caller,
    type: string,
    given: ScopeArgument & { entries: readonly NewEntry[]; upsert: boolean },
  ): Promise<Entry[]> {
    const entries: NewEntry[] = []
    for (const entry of given.entries) entries.push(await withBlobs(caller, entry))
    const addition = { ...given, type, scope: given, entries, looksForAlike: false }
    const { added } = await this.#add(caller, addition)
    return added
  }

  /** Adds one, and says what in reach reads nearly the same. */
  async addOne(
    caller: Caller,
    type: string,
    { entry: given, ...request }: ScopeArgument & { entry: NewEntry; upsert: boolean },
  ): Promise<Entry & { readonly similar?: readonly SimilarEntry[] }> {
    const entries = [await withBlobs(caller, given)]
    const addition = { ...request, type, scope: request, entries, looksForAlike: true }
    const { added, similar: found } = await this.#add(caller, addition)
    const [entry] = added
    if (!entry) throw new RangeError('one entry in, one entry out')
    // An upsert is no near-duplicate of itself.
    const similar = found.filter(({ id }) => id !== entry.id)
    return similar.length > 0 ? { ...entry, similar } : entry
  }

  #add(caller: Caller, given: Omit<Addition, 'words'>) {
    const addition = { ...given, words: wordsAhead(given.type, given.entries) }
    const joins = isOneAlone(given) ? this.#scopes.lastChain(caller, given.scope)?.[0]?.id : undefined
    return this.#store.write((unit) => this.#additions.add(unit, caller, addition), {
      ...inOneScope(caller, given.scope),
      joins,
    })
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
        const located = await this.#locateAny(unit, caller, id)
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
    const located = await this.#locateAny(unit, caller, id)
    check(located.current)
    if (changedFields(located.current, patch).length === 0) return located.current
    return this.#patches.put(unit, caller, located, patch)
  }

  async #locate(unit: WriteUnit, caller: Caller, type: string, argument: EntryArgument): Promise<Located> {
    requireIdOrName(argument)
    if (argument.id !== undefined) {
      const { id } = argument
      return this.#byId(unit, caller, () => entryById(unit.db, { type, id, rights: caller.rights }))
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

  async #locateAny(unit: WriteUnit, caller: Caller, id: string): Promise<Located> {
    return this.#byId(unit, caller, async () => {
      const found = await findEntry(unit.db, id)
      if (found) return found
      throw await unknownId(unit.db, { id, rights: caller.rights })
    })
  }

  async #byId(unit: WriteUnit, caller: Caller, find: () => Promise<Entry>): Promise<Located> {
    const found = await located(unit, find)
    this.#scopes.hasRead(caller, found.chain)
    return found
  }
}

/** Reads nothing that another addition of the same moment could have written, but for its name, which the index guards. */
function isOneAlone({ entries, upsert }: Omit<Addition, 'words'>): boolean {
  return entries.length === 1 && !upsert
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
