import type { LogPage, Subscriber } from '../event-bus.ts'

interface FollowerOptions {
  readonly deliver: Subscriber
  readonly read: (afterSeq: number) => Promise<LogPage>
  /** The last event that is not wanted. */
  readonly position: number
  readonly maxBehind: number
  readonly onEnd: () => void
}

/** One subscriber's place in the log. Reads only when the delivery before is done: the log is its queue. */
export class Follower {
  readonly #options: FollowerOptions
  #position: number
  #isRunning = false
  #isWoken = false
  #hasEnded = false

  constructor(options: FollowerOptions) {
    this.#options = options
    this.#position = options.position
  }

  /** Says that the log may have grown. */
  wake(): void {
    this.#isWoken = true
    if (!this.#isRunning) void this.#run()
  }

  end(): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    this.#options.onEnd()
  }

  async #run(): Promise<void> {
    this.#isRunning = true
    while (this.#isWoken && !this.#hasEnded) {
      this.#isWoken = false
      await this.#catchUp()
    }
    this.#isRunning = false
  }

  async #catchUp(): Promise<void> {
    while (!this.#hasEnded) {
      const page = await this.#options.read(this.#position).catch(() => undefined)
      if (!page || this.#hasEnded) return
      const resync = page.hasGap || page.lastSeq - this.#position > this.#options.maxBehind
      const events = resync ? [] : page.events
      if (!resync && events.length === 0) return
      this.#position = events.at(-1)?.seq ?? page.lastSeq
      await this.#deliver({ events, resync, lastSeq: this.#position })
      if (this.#position === page.lastSeq) return
    }
  }

  async #deliver(delivery: Parameters<Subscriber>[0]): Promise<void> {
    try {
      await this.#options.deliver(delivery)
    } catch {
      this.end()
    }
  }
}
