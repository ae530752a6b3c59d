/** So many at once, those of one process; what comes meanwhile waits and goes together. */
const MOST_TOGETHER = 16

/** Answers who goes, and leaves the others to the next. */
export type Take<T> = () => readonly T[]

interface GatheringOptions {
  /** One that waits for another process holds up no other for longer; left out where they all wait for the same. */
  readonly patienceMs?: number
}

/**
 * Lets things be done one at a time, and those that come while one is under way together as the next: alone nothing waits, and the
 * more come the more go at once.
 */
export class Gathering<T> {
  readonly #start: (take: Take<T>) => Promise<void>
  readonly #patienceMs: number | undefined
  readonly #waiting: T[] = []
  #isTaken = false

  /** `start` takes its members when it is ready for them, and must not throw: each member learns by itself what has become of it. */
  constructor(start: (take: Take<T>) => Promise<void>, { patienceMs }: GatheringOptions = {}) {
    this.#start = start
    this.#patienceMs = patienceMs
  }

  add(member: T): void {
    this.#waiting.push(member)
    if (!this.#isTaken) this.#next()
  }

  #next(): void {
    this.#isTaken = this.#waiting.length > 0
    if (!this.#isTaken) return
    let isOver = false
    const over = () => {
      clearTimeout(timer)
      if (!isOver) this.#next()
      isOver = true
    }
    const timer = this.#patienceMs === undefined ? undefined : setTimeout(over, this.#patienceMs)
    void this.#start(() => this.#waiting.splice(0, MOST_TOGETHER)).then(over, over)
  }
}
