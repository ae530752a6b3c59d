import type { Clock } from '../../../domain/clock.ts'
import type { Entry } from '../../../domain/entries/entry.ts'
import { checkFields } from '../../../domain/entries/fields.ts'
import { distinctTags } from '../../../domain/entries/tag.ts'
import type { Tombstone } from '../../../domain/entries/tombstone.ts'
import { firstVersion, type NewEntry } from '../../../domain/entries/version.ts'
import { AppError } from '../../../domain/errors.ts'
import type { Scope } from '../../../domain/scope.ts'
import { findEntry, insertEntries, takenNames } from '../../../store/entries/entries.ts'
import { givenVersions } from '../../../store/entries/past/retired-names.ts'
import type { WriteUnit } from '../../../store/store.ts'
import { EntryPatches } from '../../entries/patches.ts'
import { entryChange } from '../../entry-changes.ts'
import type { Caller } from '../../running/caller.ts'
import { type Clash, type OnConflict, takesPlace } from '../import/run.ts'
import { badPlace, type Draft, digestOf, wordsOf } from './draft.ts'
import type { Earlier, EarlierImports } from './earlier.ts'

export type DraftOutcome = 'added' | 'updated' | 'identical' | 'kept' | 'deleted'

/** What became of one draft; one that was deleted here, and stays so, has no entry. */
export type Placed =
  | { readonly outcome: Exclude<DraftOutcome, 'deleted'>; readonly entry: Entry }
  | { readonly outcome: 'deleted'; readonly tombstone: Tombstone }

interface Run {
  readonly unit: WriteUnit
  readonly caller: Caller
  readonly clock: Clock
  /** Where they go, nearest first. */
  readonly chain: readonly Scope[]
  readonly earlier: EarlierImports
  readonly onConflict: OnConflict
}

/** Puts drafts into one scope, inside a write. */
export class DraftImport {
  readonly #run: Run
  readonly #patches: EntryPatches

  constructor(run: Run) {
    this.#run = run
    this.#patches = new EntryPatches(run.clock)
  }

  async place(draft: Draft): Promise<Placed> {
    const earlier = this.#run.earlier.take(draft.origin)
    if (earlier) return this.#again(draft, earlier)
    const tombstone = this.#run.earlier.buried(draft.origin)
    if (tombstone && this.#staysDeleted(draft, tombstone)) return { outcome: 'deleted', tombstone }
    const namesake = draft.isNameFixed ? await this.#namesake(draft) : undefined
    return namesake ? this.#meet(draft, namesake) : { outcome: 'added', entry: await this.#add(draft) }
  }

  /** What the file says now becomes the next version, unless an agent has changed the entry here meanwhile. */
  async #again(draft: Draft, { entry, imported }: Earlier): Promise<Placed> {
    if (imported.digest === digestOf(draft, entry.type)) return { outcome: 'identical', entry }
    const isChangedHere = imported.words !== wordsOf(entry)
    if (isChangedHere && !this.#replaces(draft, entry)) return { outcome: 'kept', entry }
    return { outcome: 'updated', entry: await this.#update(draft, entry) }
  }

  /** An entry that was here before, under the name that this one must have. */
  async #meet(draft: Draft, namesake: Entry): Promise<Placed> {
    if (namesake.content === draft.content) return { outcome: 'identical', entry: namesake }
    if (!this.#replaces(draft, namesake)) return { outcome: 'kept', entry: namesake }
    return { outcome: 'updated', entry: await this.#update(draft, namesake) }
  }

  /**
   * What was deleted here stays so, unless the file says something else by now and the caller chose which
   * side counts.
   */
  #staysDeleted(draft: Draft, { id, type, deleted_at, imported }: Tombstone): boolean {
    const isSame = imported?.digest === digestOf(draft, type)
    if (isSame && this.#run.onConflict !== 'replace') return true
    return !this.#takesPlace(draft, { kind: type, id, here: deleted_at, wasDeleted: true })
  }

  #replaces(draft: Draft, { id, type, updated_at }: Entry): boolean {
    return this.#takesPlace(draft, { kind: type, id, here: updated_at })
  }

  #takesPlace(
    { place, modifiedAt }: Draft,
    clash: Pick<Clash, 'kind' | 'id' | 'here' | 'wasDeleted'>,
  ): boolean {
    const where = `${place.file}, line ${place.line}`
    return takesPlace(this.#run.onConflict, { ...clash, where, details: { ...place }, given: modifiedAt })
  }

  async #update(draft: Draft, current: Entry): Promise<Entry> {
    const { unit, caller, chain } = this.#run
    const fields = fieldsOf(draft, current.type)
    const own = Object.fromEntries(Object.keys(draft.own(current.type)).map((key) => [key, fields[key]]))
    const tags = distinctTags([...current.tags, ...draft.tags])
    const words = { ...current, ...own, content: draft.content }
    const imported = { ...draft.origin, digest: digestOf(draft, current.type), words: wordsOf(words) }
    const metadata = { ...current.metadata, ...draft.metadata, imported }
    const patch = { ...own, content: draft.content, tags, metadata }
    return this.#patches.put(unit, caller, { current, chain }, patch)
  }

  async #add(draft: Draft): Promise<Entry> {
    const { unit, caller, chain, clock } = this.#run
    const scope = this.#scope()
    const name = await this.#freeName(draft)
    const fields = { ...fieldsOf(draft, draft.type), name }
    const retired = await givenVersions(unit.db, { scopeId: scope.id, type: draft.type, names: [name] })
    const author = { agentId: caller.agentId, now: clock.now(), retired: retired.get(name) ?? 0 }
    const made = firstVersion(draft.type, scope, fields, author)
    const imported = { ...draft.origin, digest: digestOf(draft, draft.type), words: wordsOf(made) }
    const entry = { ...made, metadata: { ...made.metadata, imported } }
    await insertEntries(unit.db, [entry], { scopeId: scope.id })
    unit.record(entryChange('entry.created', entry, chain, caller))
    return entry
  }

  async #namesake({ type, names: [name = ''] }: Draft): Promise<Entry | undefined> {
    const { db } = this.#run.unit
    const taken = await takenNames(db, { scopeId: this.#scope().id, type, names: [name] })
    const id = taken.get(name)
    return id === undefined ? undefined : findEntry(db, id)
  }

  async #freeName({ type, names }: Draft): Promise<string> {
    const key = { scopeId: this.#scope().id, type }
    const last = names.at(-1) ?? ''
    for (let n = 0; ; n++) {
      const name = names[n] ?? `${last} ${n - names.length + 2}`
      if ((await takenNames(this.#run.unit.db, { ...key, names: [name] })).size === 0) return name
    }
  }

  #scope(): Scope {
    const [scope] = this.#run.chain
    if (!scope) throw new RangeError('a scope chain is never empty')
    return scope
  }
}

/** What a draft says, as an entry of that type may hold it. Throws with its line. */
function fieldsOf(draft: Draft, type: string): NewEntry {
  const { content, tags, metadata, names, own, place } = draft
  const given = { name: names[0] ?? '', content, tags, metadata, ...own(type) }
  try {
    return { ...given, ...checkFields(type, given) }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    throw badPlace(
      place,
      `does not fit: ${error.message.replace(/\.$/, '')}`,
      'Shorten it or split it in the file.',
    )
  }
}
