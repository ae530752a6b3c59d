import { type Clock, isoTime } from '../../domain/clock.ts'
import type { Entry } from '../../domain/entries/entry.ts'
import type { Reader } from '../../store/access.ts'
import { findStampedEntry, type StampedEntry } from '../../store/entries/known-entry.ts'
import type { CachedReads, Stamped } from '../cached-reads.ts'

/** An entry as it stands, and the id of what is read in its place. */
export interface KnownEntry {
  readonly entry: Entry
  readonly supersededBy: string | null
}

/** Single entries by their ids, kept until they change. */
export class EntryReads {
  readonly #reads: CachedReads
  readonly #clock: Clock

  constructor(reads: CachedReads, clock: Clock) {
    this.#reads = reads
    this.#clock = clock
  }

  /** Undefined for an id that no entry has. */
  async find(id: string): Promise<KnownEntry | undefined> {
    const load = (db: Reader) => readEntry(db, id, isoTime(this.#clock.now()))
    return (await this.#reads.readFound(['entry', id], load)) ?? undefined
  }
}

async function readEntry(db: Reader, id: string, at: string): Promise<Stamped<KnownEntry | null>> {
  const found = await findStampedEntry(db, id)
  if (!found) return { value: null, stamp: null, changesAt: null }
  const { entry, newer, stamp } = found
  const by = newer.find(
    ({ status, valid_from, linked_at }) => status === 'active' && (valid_from ?? at) <= at && linked_at <= at,
  )
  return { value: { entry, supersededBy: by?.id ?? null }, stamp, changesAt: nextChange(found, at) }
}

/** When it, or what may take its place, next begins or ceases to be in force, or is due for a review. */
function nextChange({ entry, newer }: StampedEntry, at: string): string | null {
  const own = [entry['valid_from'], entry['valid_until'], entry['review_by']]
  const times = [...own, ...newer.flatMap(({ valid_from, linked_at }) => [valid_from, linked_at])]
  const later = times.filter((time): time is string => typeof time === 'string' && time > at)
  return later.sort()[0] ?? null
}
