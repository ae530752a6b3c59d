/** Scope key → its version, as one database snapshot showed them. */
export type Versions = ReadonlyMap<string, number>

/**
 * What a load found. The stamp was read in the same snapshot as the value, or each of its versions before what depends on it, else an
 * answer could claim to be newer than it is.
 */
export interface Loaded<T> {
  readonly value: T
  /** The version of every dependency. */
  readonly stamp: Versions
  /** When the answer changes by itself (epoch milliseconds, wall clock), or null when only a write can change it. */
  readonly expiresAt: number | null
}

/** An answer of which only its load shows what it depends on. */
export interface KeptAnswer<T> extends Loaded<T> {
  /** See `CacheRequest`. */
  readonly isFresh: boolean
}

export interface CacheRequest<T> {
  /** Names the question, the shape of its answer and all that the answer depends on but versions: equal keys, equal answers. */
  readonly key: string
  /** Version counters that move whenever the answer may change. Never empty. */
  readonly dependencies: readonly string[]
  /** True for an answer that decides access rights: it comes from the database or this process, never from Redis. */
  readonly isOwn?: boolean
  /** As new as every commit before the call, of whatever instance: where nothing cheaper proves that, the database is asked. */
  readonly isFresh?: boolean
  /** Compares with the database's versions now, whatever a cheaper proof says. */
  readonly strong?: boolean
  load(): Promise<Loaded<T>>
}

export type ServedFrom = 'l1' | 'l2' | 'database'

export interface Answer<T> extends Loaded<T> {
  readonly servedFrom: ServedFrom
}

export interface LevelStats {
  readonly hits: number
  readonly misses: number
  readonly entries: number
  readonly bytes: number
}

/** What several instances share. */
export interface SharedLevelStats extends LevelStats {
  /** Answers that it did not take: a version was known that they do not reach, or there was no room. */
  readonly refused: number
}

export interface CacheStats {
  readonly l1: LevelStats
  readonly l2?: SharedLevelStats
}

/**
 * Answers of reads, kept until a version that they depend on moves. Nothing is ever deleted to invalidate.
 *
 * Promised: an answer is at least as new as every write that was reported to this instance (`merge`) and as
 * every answer that it gave before; at most one load runs for one key at a time, and a caller that waits for
 * it takes its result only if that is new enough for the caller; values are JSON values, frozen, and shared
 * between callers. Not promised: that anything is kept (answers above `MAX_ANSWER_BYTES` and answers below a
 * known version never are), that a failed load is remembered, or that another instance's write is seen at
 * once: each implementation says how late it can be.
 */
export interface Cache {
  get<T>(request: CacheRequest<T>): Promise<Answer<T>>
  /** What `keep` has under that key, whether it would be served or not. Asks nothing. */
  peek<T>(key: string): T | undefined
  /** What was kept under that key in this process and would be served now; undefined for nothing. */
  find<T>(key: string): Promise<KeptAnswer<T> | undefined>
  /** Keeps an answer for `find`, in this process alone. Its keys are never those of `get`. */
  keep<T>(key: string, answer: KeptAnswer<T>): void
  /** Tells of committed versions, in any order and as often as one likes. Does no I/O and never throws. */
  merge(versions: Versions): void
  stats(): CacheStats
}

/** A larger answer costs more to keep than to read again. */
export const MAX_ANSWER_BYTES = 512 * 1024
