import type { Clock } from '../../domain/clock.ts'

export interface JunkParts {
  readonly clock: Clock
  /** Called once for each place, with the key's name without the prefix. */
  readonly onJunk: (place: string) => void
}

/** Health names what was found for so long after the last time. */
const REMEMBERED_MS = 3_600_000

/** Counts what was found in Redis that no instance of ours can have written, and was put aside. */
export class Junk {
  readonly #parts: JunkParts
  readonly #counts = new Map<string, number>()
  #foundAt = Number.NEGATIVE_INFINITY

  constructor(parts: JunkParts) {
    this.#parts = parts
  }

  found(place: string, count = 1): void {
    if (!this.#counts.has(place)) this.#parts.onJunk(place)
    this.#counts.set(place, (this.#counts.get(place) ?? 0) + count)
    this.#foundAt = this.#parts.clock.monotonic()
  }

  /** Place → how often; empty when nothing was found lately. */
  report(): Readonly<Record<string, number>> {
    const isRecent = this.#parts.clock.monotonic() - this.#foundAt < REMEMBERED_MS
    return isRecent ? Object.fromEntries(this.#counts) : {}
  }
}
