import type { Answer, Cache, Versions } from '../coordination/cache.ts'
import { callReads, unwatched } from '../domain/reading/call-reads.ts'
import type { Reader } from '../store/access.ts'
import { readVersions } from '../store/change-log.ts'
import type { Store } from '../store/store.ts'

/** Moves when the same question gets another answer from the same rows: another ranking, another shape. */
const ANSWER_FORMAT = 2

export interface ReadRequest {
  /** What is asked, as JSON parts in a fixed order, defaults filled in: equal questions give equal text. */
  readonly question: readonly unknown[]
  /** See `dependenciesOf`. */
  readonly dependencies: readonly string[]
  /** Kept in this process only: a client that can write to a shared cache must not decide on it. */
  readonly isOwn?: boolean
  /** See `CacheRequest`. */
  readonly isFresh?: boolean
  /** Asks the database for its versions even where a cheaper proof would do. */
  readonly strong?: boolean
}

/** What a read found, and when that changes without a write (ISO 8601), null for never. */
export interface Found<T> {
  readonly value: T
  readonly changesAt: string | null
}

/** The same of a read of which only what it finds shows what it depends on. */
export interface Stamped<T> extends Found<T> {
  /** Each version was read with what depends on it, or before; null for an answer that is not to be kept. */
  readonly stamp: Versions | null
}

/** Reads whose answers are kept until something that they depend on changes. */
export class CachedReads {
  readonly #store: Store
  readonly #cache: Cache

  constructor(store: Store, cache: Cache) {
    this.#store = store
    this.#cache = cache
  }

  /** Answers from the cache, or runs `load` on one snapshot. The value is JSON, comes frozen and is shared: copy to change it. */
  async read<T>(
    { question, dependencies, isOwn = false, isFresh = false, strong = false }: ReadRequest,
    load: (db: Reader) => Promise<Found<T>>,
  ): Promise<Answer<T>> {
    const reads = callReads()
    const answer = await unwatched(() =>
      this.#cache.get({
        key: this.#keyOf([question, dependencies]),
        dependencies,
        isOwn,
        isFresh,
        strong,
        load: () => this.#load(dependencies, load),
      }),
    )
    // One that was just read says so, and one that is asked for with its proof is proven each time.
    if (answer.servedFrom === 'l1' && !strong) reads?.note(answer, isFresh)
    else reads?.spoil()
    return answer
  }

  /**
   * The same for a question about one thing that may stand anywhere. As new as every commit before the call, and kept in this process
   * alone.
   */
  async readFound<T>(question: readonly unknown[], load: (db: Reader) => Promise<Stamped<T>>): Promise<T> {
    const key = this.#keyOf(['found', question])
    const reads = callReads()
    const kept = await unwatched(() => this.#cache.find<T>(key))
    if (kept) {
      reads?.note(kept, kept.isFresh)
      return kept.value
    }
    const { value, stamp, changesAt } = await this.#store.read(load)
    if (stamp) this.#cache.keep(key, { value, stamp, expiresAt: epochMs(changesAt), isFresh: true })
    return value
  }

  #keyOf(parts: readonly unknown[]): string {
    return JSON.stringify([ANSWER_FORMAT, this.#store.database.schemaVersion, ...parts])
  }

  #load<T>(dependencies: readonly string[], load: (db: Reader) => Promise<Found<T>>) {
    return this.#store.snapshot(async (db) => {
      const stamp = await readVersions(db, dependencies)
      const { value, changesAt } = await load(db)
      return { value, stamp, expiresAt: epochMs(changesAt) }
    })
  }
}

function epochMs(time: string | null): number | null {
  return time === null ? null : Date.parse(time)
}
