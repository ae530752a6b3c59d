import { AsyncLocalStorage } from 'node:async_hooks'

/** What a cached answer says of itself: the versions it was read at, and when it changes without a write (epoch milliseconds). */
interface Read {
  readonly stamp: ReadonlyMap<string, number>
  readonly expiresAt: number | null
}

/**
 * What one call has read so far. While every read came out of the cache of this process, the call's whole answer follows from the
 * versions that those answers were read at, and from nothing else.
 */
export class CallReads {
  /** What the call asks, in the words of its transport. */
  readonly name: string
  readonly #stamp = new Map<string, number>()
  #expiresAt: number | null = null
  #isFresh = false
  #isRepeatable = true

  constructor(name: string) {
    this.name = name
  }

  /** An answer came out of the cache; `isFresh` says that it had to be as new as every commit before the call. */
  note({ stamp, expiresAt }: Read, isFresh: boolean): void {
    // Of a version that moved between two reads the earlier one stays: an answer that has both is never served.
    for (const [key, version] of stamp)
      this.#stamp.set(key, Math.min(version, this.#stamp.get(key) ?? version))
    if (expiresAt !== null) this.#expiresAt = Math.min(expiresAt, this.#expiresAt ?? expiresAt)
    this.#isFresh ||= isFresh
  }

  /** Something was read that no version stands for: rows beside the cache, the time, a model. */
  spoil(): void {
    this.#isRepeatable = false
  }

  /** What the whole answer follows from; undefined where more than versions decides. */
  found(): (Read & { readonly isFresh: boolean }) | undefined {
    if (!this.#isRepeatable || this.#stamp.size === 0) return undefined
    return { stamp: this.#stamp, expiresAt: this.#expiresAt, isFresh: this.#isFresh }
  }
}

const running = new AsyncLocalStorage<CallReads | undefined>()

/** Runs a call, with all that it starts, whose reads are watched. */
export function watched<T>(reads: CallReads, run: () => T): T {
  return running.run(reads, run)
}

/** The reads of the call that is under way; undefined where nothing watches them. */
export function callReads(): CallReads | undefined {
  return running.getStore()
}

/** What the cache reads to prove an answer is no read of the call's own. */
export function unwatched<T>(run: () => T): T {
  return running.getStore() ? running.run(undefined, run) : run()
}
