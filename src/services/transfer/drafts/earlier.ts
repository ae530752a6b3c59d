import type { Entry } from '../../../domain/entries/entry.ts'
import { digestOfOrigin, type Imported, importedOf, type Origin } from '../../../domain/entries/imported.ts'
import type { Tombstone } from '../../../domain/entries/tombstone.ts'
import type { Reader } from '../../../store/access.ts'
import { importedTombstones } from '../../../store/entries/past/tombstones.ts'
import { importedEntries } from '../../../store/transfer.ts'
import type { Reading } from './draft.ts'

const PAGE = 500

/** An entry that an earlier import made, and what it keeps of that. */
export interface Earlier {
  readonly entry: Entry
  readonly imported: Imported
}

/** What earlier imports made of the files that are read now. */
export class EarlierImports {
  readonly #found = new Map<string, Earlier>()
  readonly #buried = new Map<string, Tombstone>()

  /** Reads those of one scope. */
  async load(db: Reader, scopeId: string, { from, covers }: Pick<Reading, 'from' | 'covers'>): Promise<void> {
    for (let afterId = ''; ; ) {
      const page = await importedEntries(db, scopeId, { afterId, limit: PAGE })
      for (const entry of page) {
        const imported = importedOf(entry)
        if (imported?.from === from && covers(imported.file))
          this.#found.set(keyOf(imported), { entry, imported })
      }
      const last = page.at(-1)
      if (!last || page.length < PAGE) break
      afterId = last.id
    }
    for (const tombstone of await importedTombstones(db, scopeId))
      if (tombstone.imported) this.#buried.set(tombstone.imported.origin, tombstone)
  }

  /** What is left of an entry that was made of the same place, and deleted since. */
  buried(origin: Origin): Tombstone | undefined {
    return this.#buried.get(digestOfOrigin(origin))
  }

  /** What was made of the same place; asked for once. */
  take(origin: Origin): Earlier | undefined {
    const found = this.#found.get(keyOf(origin))
    this.#found.delete(keyOf(origin))
    return found
  }

  /** Earlier entries that no draft asked for: their place in the files is gone. */
  left(): Earlier[] {
    return [...this.#found.values()]
  }
}

function keyOf({ file, heading }: Pick<Origin, 'file' | 'heading'>): string {
  return JSON.stringify([file, heading])
}
