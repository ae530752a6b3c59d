/** So many at once, those of one process; what comes meanwhile waits and goes together. */
const MOST_TOGETHER = 16
/** One that waits for another process holds up no other for longer. */
const PATIENCE_MS = 20

/**
 * Lets things be done one at a time, and those that come while one is under way together as the next: alone nothing waits, and the
 * more come the more go at once.
 */
export class Gathering<T> {
  readonly #start: (members: readonly T[]) => Promise<void>
  readonly #waiting: T[] = []
  #isTaken = false

  /** `start` must not throw: each member learns by itself what has become of it. */
  constructor(start: (members: readonly T[]) => Promise<void>) {
    this.#start = start
  }

  add(member: T): void {
    this.#waiting.push(member)
    if (!this.#isTaken) this.#next()
  }

  #next(): void {
    const members = this.#waiting.splice(0, MOST_TOGETHER)
    this.#isTaken = members.length > 0
    if (!this.#isTaken) return
    let isOver = false
    const over = () => {
      clearTimeout(timer)
      if (!isOver) this.#next()
      isOver = true
    }
    const timer = setTimeout(over, PATIENCE_MS)
    void this.#start(members).then(over, over)
  }
}
