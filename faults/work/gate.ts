import { setTimeout as sleep } from 'node:timers/promises'

/** Loops pass it before each round, and stand still while it is shut. */
export class Gate {
  #isShut = true
  #isEnded = false
  #loops = 0
  #parked = 0

  get isEnded(): boolean {
    return this.#isEnded
  }

  /** Runs `round` again and again until the end. */
  async loop(round: () => Promise<void>): Promise<void> {
    this.#loops++
    while (!this.#isEnded) {
      await this.#pass()
      if (!this.#isEnded) await round()
    }
    this.#loops--
  }

  open(): void {
    this.#isShut = false
  }

  /** Resolves when no round is under way any more. */
  async shut(): Promise<void> {
    this.#isShut = true
    while (this.#parked < this.#loops) await sleep(5)
  }

  /** Resolves when all loops have ended. */
  async end(): Promise<void> {
    this.#isEnded = true
    while (this.#loops > 0) await sleep(5)
  }

  async #pass(): Promise<void> {
    this.#parked++
    while (this.#isShut && !this.#isEnded) await sleep(5)
    this.#parked--
  }
}
