import type { Writable } from 'node:stream'

/** More than this unread, and nothing further is computed. */
const MOST_UNREAD_BYTES = 4 * 1024 * 1024
/** Calls that compute their answers at once; the others wait for their turn. */
const MOST_AT_ONCE = 2

/** Back-pressure: a client that does not read what it asked for is answered no further until it does. */
export class OutputGate {
  readonly #output: Writable
  readonly #waiting: (() => void)[] = []
  #running = 0
  #letters: Promise<void> = Promise.resolve()
  #isOpen = false

  constructor(output: Writable) {
    this.#output = output
  }

  /** Runs `work` when it is its turn, and lets its result out when the client has read what came before. */
  async pass<T>(work: () => Promise<T>): Promise<T> {
    await this.#enter()
    try {
      await this.#unreadIsLittle()
      const result = await work()
      await this.#takeTurn()
      return result
    } finally {
      this.#leave()
    }
  }

  /** The reader is gone: nothing waits for it. */
  open(): void {
    this.#isOpen = true
    this.#output.emit('drain')
  }

  async #enter(): Promise<void> {
    if (this.#running >= MOST_AT_ONCE) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    else this.#running++
  }

  /** The place goes to the one that has waited longest. */
  #leave(): void {
    const next = this.#waiting.shift()
    if (next) next()
    else this.#running--
  }

  /** One result after the other: the next is let out when the one before is written and counted. */
  #takeTurn(): Promise<void> {
    this.#letters = this.#letters.then(async () => {
      await this.#unreadIsLittle()
      await new Promise<void>((resolve) => setImmediate(resolve))
    })
    return this.#letters
  }

  async #unreadIsLittle(): Promise<void> {
    while (!this.#isOpen && !this.#output.destroyed && this.#output.writableLength > MOST_UNREAD_BYTES)
      await new Promise<void>((resolve) => this.#output.once('drain', resolve))
  }
}
