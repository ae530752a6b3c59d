import { beginRebuild, isOfOlderTable, isRebuilding, rebuildSome } from '../../store/search/rebuild.ts'
import type { Store } from '../../store/store.ts'

/** Between two steps others may write. */
const PAUSE_MS = 50

/**
 * Gives the entries of a version before their place in the search index, step by step, while the server
 * serves. A process that is killed meanwhile loses one step at most, and several at once only do each other's
 * work.
 */
export class Rebuild {
  readonly #store: Store
  readonly #shutdown: AbortSignal
  #done: Promise<void> | undefined

  constructor(store: Store, shutdown: AbortSignal) {
    this.#store = store
    this.#shutdown = shutdown
  }

  /** Returns at once: the start does not wait for it. The next start does what fails. */
  start(): void {
    this.#done ??= this.#run().catch(() => {})
  }

  /** The step at hand is finished. */
  async end(): Promise<void> {
    await this.#done
  }

  async #run(): Promise<void> {
    const { database } = this.#store
    if (!(await this.#store.read(isRebuilding))) {
      if (!(await this.#store.read(isOfOlderTable))) return
      await this.#store.write(({ db }) => beginRebuild(db))
    }
    while (!this.#shutdown.aborted) {
      const isMore = await this.#store.write(({ db }) => rebuildSome(db, database.dropOlderIndex))
      if (!isMore) return
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    }
  }
}
