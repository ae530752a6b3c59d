import type { Entry } from '../../../domain/entries/entry.ts'
import type { Tombstone } from '../../../domain/entries/tombstone.ts'
import {
  deleteEntry,
  findEntries,
  insertEntries,
  replaceEntry,
  takenNames,
} from '../../../store/entries/entries.ts'
import { givenVersions, retiredIds } from '../../../store/entries/past/retired-names.ts'
import { deleteTombstones, findTombstones } from '../../../store/entries/past/tombstones.ts'
import { type EntryWords, wordsOf } from '../../../store/entries/words.ts'
import type { WriteUnit } from '../../../store/store.ts'
import { insertVersions, type PastVersion } from '../../../store/transfer.ts'

interface Placed {
  readonly entry: Entry
  readonly scopeId: string
}

/** Some entries of a file: what is here of them is read at once, and what is new is written at once. */
export class EntryBatch {
  readonly #unit: WriteUnit
  readonly #words = new Map<string, EntryWords>()
  readonly #here = new Map<string, Entry>()
  readonly #idsByName = new Map<string, string>()
  readonly #retired = new Map<string, number>()
  #retiredIds: ReadonlyMap<string, number> = new Map()
  readonly #tombstones = new Map<string, Tombstone>()
  #added: Placed[] = []
  #versions: PastVersion[] = []

  constructor(unit: WriteUnit) {
    this.#unit = unit
  }

  /** Reads what is here under the ids and the names of these. */
  async load(entries: readonly Placed[]): Promise<void> {
    const { db } = this.#unit
    const ids = entries.map(({ entry }) => entry.id)
    const groups = Map.groupBy(entries, ({ entry, scopeId }) =>
      nameKey({ scopeId, type: entry.type, name: '' }),
    )
    const [found, retired, tombstones] = await Promise.all([
      findEntries(db, ids),
      retiredIds(db, ids),
      findTombstones(db, ids),
      ...Array.from(groups.values(), (group) => this.#loadNames(group)),
    ])
    for (const entry of found) this.#here.set(entry.id, entry)
    for (const tombstone of tombstones) this.#tombstones.set(tombstone.id, tombstone)
    this.#retiredIds = retired
  }

  async #loadNames(group: readonly Placed[]): Promise<void> {
    const [first] = group
    if (!first) return
    const place = { scopeId: first.scopeId, type: first.entry.type }
    const key = { ...place, names: group.map(({ entry }) => entry.name) }
    const { db } = this.#unit
    const [taken, retired] = await Promise.all([takenNames(db, key), givenVersions(db, key)])
    for (const [name, id] of taken) this.#idsByName.set(nameKey({ ...place, name }), id)
    for (const [name, version] of retired) this.#retired.set(nameKey({ ...place, name }), version)
  }

  /** An entry that is cut into its words already. */
  keep({ id }: Entry, words: EntryWords): void {
    this.#words.set(id, words)
  }

  /** Cuts those that will be added into words, while the database is at work on what it was given before. */
  cut(entries: readonly Placed[]): void {
    for (const { entry } of entries) if (!this.#words.has(entry.id)) this.#words.set(entry.id, wordsOf(entry))
  }

  find(id: string): Entry | undefined {
    return this.#here.get(id)
  }

  /** Of an entry that was deleted here. */
  findTombstone(id: string): Tombstone | undefined {
    return this.#tombstones.get(id)
  }

  /** The id of another entry that has this one's type and name in its scope. */
  findNamesake({ entry, scopeId }: Placed): string | undefined {
    const id = this.#idsByName.get(nameKey({ ...entry, scopeId }))
    return id === entry.id ? undefined : id
  }

  /** Up to which version the name was read of an entry that has given it up, or the id of one that was deleted; 0 for never. */
  retiredVersion({ entry, scopeId }: Placed): number {
    const ofName = this.#retired.get(nameKey({ ...entry, scopeId })) ?? 0
    return Math.max(ofName, this.#retiredIds.get(entry.id) ?? 0)
  }

  add(placed: Placed): void {
    this.#added.push(placed)
    this.#note(placed)
  }

  async overwrite(before: Placed, after: Placed): Promise<void> {
    this.flush()
    await replaceEntry(this.#unit.db, before.entry, after.entry)
    this.#idsByName.delete(nameKey({ ...before.entry, scopeId: before.scopeId }))
    this.#note(after)
  }

  async remove({ entry, scopeId }: Placed): Promise<void> {
    this.flush()
    await deleteEntry(this.#unit.db, entry)
    this.#here.delete(entry.id)
    const key = nameKey({ ...entry, scopeId })
    this.#retired.set(key, Math.max(this.#retired.get(key) ?? 0, entry.version))
    this.#idsByName.delete(key)
  }

  /** An earlier version of an entry that was added or overwritten. */
  addVersion(version: PastVersion): void {
    this.#versions.push(version)
  }

  /** What follows is done after it; the commit waits for it. */
  flush(): void {
    const { db, later } = this.#unit
    const words = ({ id }: Entry) => this.#words.get(id)
    for (const [scopeId, group] of Map.groupBy(this.#added, (placed) => placed.scopeId)) {
      const entries = group.map(({ entry }) => entry)
      later(insertEntries(db, entries, { scopeId, words }))
    }
    const back = this.#added.filter(({ entry }) => this.#tombstones.delete(entry.id))
    const ids = back.map(({ entry }) => entry.id)
    if (ids.length > 0) later(deleteTombstones(db, ids))
    if (this.#versions.length > 0) later(insertVersions(db, this.#versions))
    this.#added = []
    this.#versions = []
  }

  #note({ entry, scopeId }: Placed): void {
    this.#here.set(entry.id, entry)
    this.#idsByName.set(nameKey({ ...entry, scopeId }), entry.id)
  }
}

function nameKey({ scopeId, type, name }: { scopeId: string; type: string; name: string }): string {
  return JSON.stringify([scopeId, type, name])
}
