/** Scope key → its version, as one database snapshot showed them. */
export type Versions = ReadonlyMap<string, number>

/** What a load found. The stamp was read in the same snapshot as the value, else an answer could claim to be newer than it is. */
export interface Loaded<T> {
  readonly value: T
  /** The version of every dependency. */
  readonly stamp: Versions
  /** When the answer changes by itself (epoch milliseconds, wall clock), or null when only a write can change it. */
  readonly expiresAt: number | null
}

export interface CacheRequest<T> {
  /** Names the question, the shape of its answer and all that the answer depends on but versions: equal keys, equal answers. */
  readonly key: string
  /** Version counters that move whenever the answer may change. Never empty. */
  readonly dependencies: readonly string[]
  /** True for what decides who may read what: such an answer comes from the database or this process, never from outside. */
  readonly isOwn?: boolean
  /** Compares with the database's versions now, whatever a cheaper proof says. */
  readonly strong?: boolean
  load(): Promise<Loaded<T>>
}

export type ServedFrom = 'l1' | 'l2' | 'database'

export interface Answer<T> {
  readonly value: T
  readonly servedFrom: ServedFrom
}

export interface LevelStats {
  readonly hits: number
  readonly misses: number
  readonly entries: number
  readonly bytes: number
}

export interface CacheStats {
  readonly l1: LevelStats
  readonly l2?: LevelStats
}

/**
 * Answers of reads, kept until a version that they depend on moves. Nothing is ever deleted to invalidate.
 *
 * Promised: an answer is at least as new as every write that this instance was told of (`merge`) and as every answer that it
 * gave before; at most one load runs for one key at a time, and whoever waits for it takes its result only if that is new
 * enough for them; values are JSON values, frozen, and shared between callers.
 * Not promised: that anything is kept (answers above `MAX_ANSWER_BYTES` and answers below a known version never are), that a
 * failed load is remembered, or that another instance's write is seen at once: each implementation says how late it can be.
 */
export interface Cache {
  get<T>(request: CacheRequest<T>): Promise<Answer<T>>
  /** Tells of committed versions, in any order and as often as one likes. Does no I/O and never throws. */
  merge(versions: Versions): void
  stats(): CacheStats
}

/** A larger answer costs more to keep than to read again. */
export const MAX_ANSWER_BYTES = 512 * 1024
