import type { Writable } from 'node:stream'

/** More than this unread, and nothing further is computed. */
const MOST_UNREAD_BYTES = 4 * 1024 * 1024
/** Calls that read at once; the others wait for their turn, for what they compute may be large. */
const MOST_READING = 2
/** Calls that write at once: their answers are short, and what they wait for is the database. */
const MOST_WRITING = 32

type Lane = 'reading' | 'writing'

/** Back-pressure: a client that does not read what it asked for is answered no further until it does. */
export class OutputGate {
  readonly #output: Writable
  readonly #lanes = {
    reading: { waiting: [] as (() => void)[], free: MOST_READING },
    writing: { waiting: [] as (() => void)[], free: MOST_WRITING },
  }
  #letters: Promise<void> = Promise.resolve()
  #isOpen = false

  constructor(output: Writable) {
    this.#output = output
  }

  /** Runs `work` when it is its turn, and lets its result out when the client has read what came before. */
  async pass<T>(work: () => Promise<T>, lane: Lane = 'reading'): Promise<T> {
    await this.#enter(lane)
    try {
      await this.#unreadIsLittle()
      const result = await work()
      await this.#takeTurn()
      return result
    } finally {
      this.#leave(lane)
    }
  }

  /** The reader is gone: nothing waits for it. */
  open(): void {
    this.#isOpen = true
    this.#output.emit('drain')
  }

  async #enter(lane: Lane): Promise<void> {
    const places = this.#lanes[lane]
    if (places.free === 0) await new Promise<void>((resolve) => places.waiting.push(resolve))
    else places.free--
  }

  /** The place goes to the one that has waited longest. */
  #leave(lane: Lane): void {
    const places = this.#lanes[lane]
    const next = places.waiting.shift()
    if (next) next()
    else places.free++
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
