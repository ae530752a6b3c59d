/** So many at once, those of one process; what comes meanwhile waits and goes together. */
const MOST_TOGETHER = 16
/** What a start costs by itself is shared well enough by so many. */
const ENOUGH = 4
/** Those that have just been answered and ask again are waited for as long as their last time took, and no longer than this. */
const LONGEST_HOLD_MS = 5

/** Answers who goes, and leaves the others to the next. */
export type Take<T> = () => readonly T[]

/**
 * One that takes so many times as long as the one before waits for something that the others may not need, and no longer holds them
 * up. On a busy machine all take long.
 */
const PATIENCE = 2
const LEAST_PATIENCE_MS = 20
const LONGEST_PATIENCE_MS = 200

export interface GatheringOptions {
  /** Members join until this one begins: no other may begin meanwhile, and nobody is waited for before it. */
  readonly joinsUntilBegun?: boolean
}

/**
 * Lets things be done one at a time, and those that come while one is under way together as the next: alone nothing waits, and the
 * more come the more go at once. Callers that ask again as soon as they are answered would go by turns of one and all others; so where
 * some came back right after the last time, the next one waits for them a moment.
 */
export class Gathering<T> {
  readonly #start: (take: Take<T>) => Promise<void>
  readonly #joinsUntilBegun: boolean
  readonly #waiting: T[] = []
  #isTaken = false
  #tookMs = 0
  #held: { readonly until: number; readonly timer: NodeJS.Timeout } | undefined
  /** Who comes before this has come back, as far as can be known. */
  #returnsUntil = Number.NEGATIVE_INFINITY
  #returned = 0

  /** `start` takes its members when it is ready for them, and must not throw: each member learns by itself what has become of it. */
  constructor(start: (take: Take<T>) => Promise<void>, { joinsUntilBegun = false }: GatheringOptions = {}) {
    this.#start = start
    this.#joinsUntilBegun = joinsUntilBegun
  }

  add(member: T): void {
    this.#waiting.push(member)
    if (performance.now() < this.#returnsUntil) this.#returned++
    const isReady = this.#held ? this.#waiting.length >= this.#held.until : !this.#isTaken
    if (isReady) this.#next()
  }

  #next(): void {
    clearTimeout(this.#held?.timer)
    this.#held = undefined
    this.#isTaken = this.#waiting.length > 0
    if (!this.#isTaken) return
    const started = performance.now()
    let taken = 0
    let isOver = false
    const once = (then: () => void) => () => {
      clearTimeout(timer)
      if (isOver) return
      isOver = true
      this.#tookMs = performance.now() - started
      then()
    }
    const impatient = once(() => this.#next())
    const timer = this.#joinsUntilBegun ? undefined : setTimeout(impatient, this.#patienceMs())
    const take = () => {
      const members = this.#waiting.splice(0, MOST_TOGETHER)
      taken += members.length
      return members
    }
    const over = once(() => this.#over(taken))
    void this.#start(take).then(over, over)
  }

  /** All that are known are expected again. */
  #over(answered: number): void {
    const all = Math.min(answered + this.#waiting.length, ENOUGH)
    const holdMs = Math.min(this.#tookMs, LONGEST_HOLD_MS)
    const isWorthIt = !this.#joinsUntilBegun && this.#returned > 0
    this.#returned = 0
    this.#returnsUntil = performance.now() + holdMs
    if (!isWorthIt || this.#waiting.length >= all) this.#next()
    else this.#held = { until: all, timer: setTimeout(() => this.#next(), holdMs) }
  }

  #patienceMs(): number {
    return Math.min(Math.max(LEAST_PATIENCE_MS, PATIENCE * this.#tookMs), LONGEST_PATIENCE_MS)
  }
}
