import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'

/** New objects get no more room than this: most of a call's are gone with it. */
const YOUNG_BYTES = 8 * 1024 * 1024
const LEAST_BETWEEN_LOOKS_MS = 100

/**
 * By itself V8 lets the room for new objects grow to 64 MB: that alone makes a heap crowded, whatever is in use, and such a room is
 * larger than a processor's cache. It can only be told how much to grow by; a collection that gives memory back makes it small again.
 */
export class YoungRoom {
  #lookedAt = Number.NEGATIVE_INFINITY
  #mayGrow = true

  look(now: number): void {
    if (now - this.#lookedAt < LEAST_BETWEEN_LOOKS_MS) return
    this.#lookedAt = now
    const mayGrow = youngBytes() < YOUNG_BYTES
    if (mayGrow !== this.#mayGrow) setFlagsFromString(`--semi-space-growth-factor=${mayGrow ? 2 : 1}`)
    this.#mayGrow = mayGrow
  }
}

function youngBytes(): number {
  return getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')?.space_size ?? 0
}
