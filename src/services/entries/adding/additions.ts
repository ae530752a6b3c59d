import { readable } from '../../../domain/access/rights.ts'
import type { Clock } from '../../../domain/clock.ts'
import type { Entry } from '../../../domain/entries/entry.ts'
import { changedFields } from '../../../domain/entries/merge.ts'
import { firstVersion, type NewEntry } from '../../../domain/entries/version.ts'
import type { Scope } from '../../../domain/scope.ts'
import { type AlikeText, findAlike } from '../../../store/entries/alike.ts'
import { findEntry, insertEntries, takenNames } from '../../../store/entries/entries.ts'
import { givenVersions } from '../../../store/entries/past/retired-names.ts'
import { type EntryWords, wordsOf } from '../../../store/entries/words.ts'
import type { WriteUnit } from '../../../store/store.ts'
import { entryChange } from '../../entry-changes.ts'
import type { Caller, ScopeArgument } from '../../running/caller.ts'
import type { ChainOfIds } from '../../scopes/last-chains.ts'
import type { Scopes } from '../../scopes/scopes.ts'
import { refuseRepeated, refuseTaken } from '../names.ts'
import type { EntryPatches, Patch } from '../patches.ts'
import { mostSimilar, type SimilarEntry } from './similar.ts'

/** New entries of one type for one scope. */
export interface Addition {
  readonly type: string
  readonly scope: ScopeArgument
  readonly entries: readonly NewEntry[]
  readonly upsert: boolean
  /** Cut into words, by name. */
  readonly words: ReadonlyMap<string, EntryWords>
  /** Whether to look for what reads nearly the same as the first of them. */
  readonly looksForAlike: boolean
}

/** What a write finds before it adds. */
interface Found {
  /** Names that are taken, with the ids of their entries, and those that were given up, with how far they got. */
  readonly taken: ReadonlyMap<string, string>
  readonly retired: ReadonlyMap<string, number>
  readonly alike: readonly AlikeText[]
}

interface Parts {
  readonly scopes: Scopes
  readonly clock: Clock
  readonly patches: EntryPatches
}

/** The words of new entries: cut before a transaction begins, which others may wait for. */
export function wordsAhead(type: string, entries: readonly NewEntry[]): ReadonlyMap<string, EntryWords> {
  return new Map(
    entries.map((entry) => [entry.name, wordsOf({ ...entry, type, tags: [...new Set(entry.tags)] })]),
  )
}

/** Adds entries inside a write that is under way: all or none. */
export class Additions {
  readonly #scopes: Scopes
  readonly #clock: Clock
  readonly #patches: EntryPatches

  constructor({ scopes, clock, patches }: Parts) {
    this.#scopes = scopes
    this.#clock = clock
    this.#patches = patches
  }

  /** The entries in the order given, and what reads nearly the same as the first one. */
  async add(
    unit: WriteUnit,
    caller: Caller,
    addition: Addition,
  ): Promise<{ added: Entry[]; similar: readonly SimilarEntry[] }> {
    refuseRepeated(addition.entries.map(({ name }) => name))
    const guess = this.#scopes.lastChain(caller, addition.scope)
    // The claim is asked for first, so what follows is read once no other writer is in the scope.
    const asked = this.#scopes.chainForWrite(unit, caller, addition.scope)
    const ahead = guess && lookedUp(unit, caller, addition, guess)
    const chain = await asked
    const found = await (ahead && isSame(chain, guess) ? ahead : lookedUp(unit, caller, addition, chain))
    const [first] = addition.entries
    const seen = readable(caller.rights, chain, [addition.type]).chain
    // Nothing of the write is in it yet.
    const similar = first ? mostSimilar(found.alike, seen, first) : []
    return { added: await this.#addTo(unit, caller, { ...addition, chain, found }), similar }
  }

  async #addTo(
    unit: WriteUnit,
    caller: Caller,
    { type, chain, entries, upsert, words, found }: Addition & { chain: readonly Scope[]; found: Found },
  ): Promise<Entry[]> {
    const target = chain[0]
    if (!target) throw new RangeError('a scope chain is never empty')
    const { taken, retired } = found
    const names = entries.map((entry) => entry.name)
    if (!upsert) refuseTaken(type, names, taken)
    const fresh = entries.filter((entry) => !taken.has(entry.name))
    const author = { agentId: caller.agentId, now: this.#clock.now() }
    const first = (entry: NewEntry) =>
      firstVersion(type, target, entry, { ...author, retired: retired.get(entry.name) })
    const added = new Map(fresh.map((entry) => [entry.name, first(entry)]))
    unit.later(
      insertEntries(unit.db, [...added.values()], {
        scopeId: target.id,
        words: ({ name }) => words.get(name),
      }),
    )
    for (const entry of added.values()) unit.record(entryChange('entry.created', entry, chain, caller))
    const result: Entry[] = []
    for (const entry of entries) {
      const made = added.get(entry.name)
      const id = taken.get(entry.name) ?? ''
      result.push(made ?? (await this.#upsert(unit, caller, { chain, id, entry })))
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
    const patch = withoutUndefined({ ...entry, status: 'active' })
    if (changedFields(current, patch).length === 0) return current
    return this.#patches.overwrite(unit, caller, { current, chain, patch })
  }
}

function lookedUp(
  { db }: WriteUnit,
  caller: Caller,
  { type, entries, words, looksForAlike }: Addition,
  chain: ChainOfIds,
): Promise<Found> {
  const place = { scopeId: chain[0]?.id ?? '', type, names: entries.map(({ name }) => name) }
  const sought = looksForAlike ? words.get(place.names[0] ?? '')?.sketch : undefined
  const scopeIds = readable(caller.rights, chain, [type]).chain.map(({ id }) => id)
  const found = Promise.all([
    takenNames(db, place),
    givenVersions(db, place),
    sought ? findAlike(db, { sketch: sought, scopeIds, type }) : [],
  ]).then(([taken, retired, alike]) => ({ taken, retired, alike }))
  // Where the scope turns out to be another one, nothing waits for this.
  found.catch(() => {})
  return found
}

function isSame(chain: ChainOfIds, guess: ChainOfIds | undefined): boolean {
  return chain.length === guess?.length && chain.every(({ id }, at) => id === guess[at]?.id)
}

function withoutUndefined(fields: Readonly<Record<string, unknown>>): Patch {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}
