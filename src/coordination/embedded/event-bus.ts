import type { MemoryEvent } from '../../domain/event.ts'
import type { EventBus, EventLog, LogPage, SubscribeOptions, Subscriber, Unsubscribe } from '../event-bus.ts'
import { Follower } from './follower.ts'

export interface EmbeddedEventBusOptions {
  /** How often to ask whether another process has committed, while there is a subscriber. */
  readonly pollMs?: number
  /** True while `wake` is called for every commit of other processes: then looking each second is enough. */
  readonly isFed?: () => boolean
  /** How many events behind a subscriber may be before it gets `resync` instead of them. */
  readonly maxBehind?: number
}

const PAGE = 256
const FED_POLL_MS = 1_000

/**
 * Follows the database's own log: a commit of this process or a moved change token only says that there is something to
 * read. So events of all processes come in one order, and the log itself is every subscriber's queue.
 */
export class EmbeddedEventBus implements EventBus {
  readonly #log: EventLog
  readonly #pollMs: number
  readonly #isFed: () => boolean
  readonly #maxBehind: number
  /** Each with how often it wants to be looked for. */
  readonly #followers = new Map<Follower, number>()
  /** Reads under way since the last wake-up, by where they begin: subscribers at one place share one read. */
  #reads = new Map<number, Promise<LogPage>>()
  #token: number | null = null
  #wokenAt = Number.NEGATIVE_INFINITY
  #timer: NodeJS.Timeout | undefined
  #everyMs = Number.POSITIVE_INFINITY
  #hasFailed = false
  #isClosed = false

  constructor(
    log: EventLog,
    { pollMs = 15, isFed = () => false, maxBehind = 10_000 }: EmbeddedEventBusOptions = {},
  ) {
    this.#log = log
    this.#pollMs = pollMs
    this.#isFed = isFed
    this.#maxBehind = maxBehind
  }

  publish(events: readonly MemoryEvent[]): void {
    if (events.length > 0) this.wake()
  }

  async subscribe(
    subscriber: Subscriber,
    { afterSeq, patienceMs = 0 }: SubscribeOptions = {},
  ): Promise<Unsubscribe> {
    const position = afterSeq ?? (await this.#log.lastSeq())
    if (this.#isClosed) return () => {}
    const follower = new Follower({
      deliver: subscriber,
      read: (seq) => this.#read(seq),
      position,
      maxBehind: this.#maxBehind,
      onEnd: () => this.#remove(follower),
    })
    this.#followers.set(follower, Math.max(this.#pollMs, patienceMs))
    this.#schedule()
    this.wake()
    return () => follower.end()
  }

  isConnected(): boolean {
    return !this.#hasFailed && !this.#isClosed
  }

  async close(): Promise<void> {
    this.#isClosed = true
    for (const follower of this.#followers.keys()) follower.end()
    await Promise.allSettled(this.#reads.values())
  }

  #remove(follower: Follower): void {
    this.#followers.delete(follower)
    this.#schedule()
  }

  /** Looks as often as the least patient subscriber wants it, and not at all without subscribers. */
  #schedule(): void {
    const everyMs = Math.min(...this.#followers.values())
    if (everyMs === this.#everyMs) return
    this.#everyMs = everyMs
    clearInterval(this.#timer)
    if (this.#followers.size > 0) this.#timer = setInterval(() => this.#poll(), everyMs).unref()
  }

  #poll(): void {
    if (this.#isFed() && performance.now() - this.#wokenAt < FED_POLL_MS) return
    const token = this.#changeToken()
    if (token === null || token !== this.#token || this.#hasFailed) this.wake()
  }

  /** Says that the log may have grown. */
  wake(): void {
    if (this.#followers.size === 0) return
    this.#wokenAt = performance.now()
    // Asked before the reads begin: a commit in between moves it again and is read for twice, never missed.
    this.#token = this.#changeToken()
    // A read that began before this moment may not have seen what the wake-up is about.
    this.#reads = new Map()
    for (const follower of this.#followers.keys()) follower.wake()
  }

  #changeToken(): number | null {
    try {
      return this.#log.changeToken()
    } catch {
      this.#hasFailed = true
      return null
    }
  }

  #read(seq: number): Promise<LogPage> {
    const reads = this.#reads
    const running = reads.get(seq)
    if (running) return running
    const read = this.#log.readAfter(seq, PAGE)
    reads.set(seq, read)
    read.then(
      () => {
        this.#hasFailed = false
        reads.delete(seq)
      },
      () => {
        // The next poll tries again.
        this.#hasFailed = true
        reads.delete(seq)
      },
    )
    return read
  }
}
