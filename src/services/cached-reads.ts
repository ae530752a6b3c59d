import type { Answer, Cache } from '../coordination/cache.ts'
import type { Reader } from '../store/access.ts'
import { readVersions } from '../store/change-log.ts'
import type { Store } from '../store/store.ts'

/** Moves when the same question gets another answer from the same rows: another ranking, another shape. */
const ANSWER_FORMAT = 1

export interface ReadRequest {
  /** What is asked, as JSON parts in a fixed order, defaults filled in: equal questions give equal text. */
  readonly question: readonly unknown[]
  /** See `dependenciesOf`. */
  readonly dependencies: readonly string[]
  /** Kept in this process only: whoever can write to a shared cache must not decide on it. */
  readonly isOwn?: boolean
  /** Asks the database for its versions even where a cheaper proof would do. */
  readonly strong?: boolean
}

/** What a read found, and when that changes without a write (ISO 8601), null for never. */
export interface Found<T> {
  readonly value: T
  readonly changesAt: string | null
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
  read<T>(
    { question, dependencies, isOwn = false, strong = false }: ReadRequest,
    load: (db: Reader) => Promise<Found<T>>,
  ): Promise<Answer<T>> {
    return this.#cache.get({
      key: JSON.stringify([ANSWER_FORMAT, this.#store.database.schemaVersion, question, dependencies]),
      dependencies,
      isOwn,
      strong,
      load: () => this.#load(dependencies, load),
    })
  }

  #load<T>(dependencies: readonly string[], load: (db: Reader) => Promise<Found<T>>) {
    return this.#store.snapshot(async (db) => {
      const stamp = await readVersions(db, dependencies)
      const { value, changesAt } = await load(db)
      return { value, stamp, expiresAt: changesAt === null ? null : Date.parse(changesAt) }
    })
  }
}
