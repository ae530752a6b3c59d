import type { Reader } from '../../access.ts'

// A restore takes versions back that agents have read, and nothing says which: what is written after it counts on above them all. An
// entry that nobody changes keeps its number, which means the same text as before.

const highest = new WeakMap<Reader, number>()

/** Up to this version, what this transaction finds lost may have been read. */
export function lostUpTo(db: Reader, version: number): void {
  highest.set(db, version)
}

/** The highest version that may have been read of what a restore has taken back; 0 where there was none. */
export function highestLost(db: Reader): number {
  return highest.get(db) ?? 0
}
