import type { RedisLink } from '../connection/link.ts'
import type { RedisKeys } from '../keys.ts'
import type { LeaseReplies, NumberedChange } from './scripts.ts'

export interface LeaseOutboxParts {
  readonly link: RedisLink
  readonly keys: RedisKeys
  readonly replies: LeaseReplies
  /** Writes down those that were not written yet, in one transaction. */
  readonly record: (changes: readonly NumberedChange[]) => Promise<void>
}

const GATHER_MS = 10
const LOOK_EVERY_MS = 1_000
const AT_ONCE = 200
const DEADLINE_MS = 1_000

/**
 * Brings changes of holders from Redis, where each is kept in the same step as the change itself, into the database. Whoever
 * made one does so a moment later; what an instance left that was killed, or lost its answer, the others find each second.
 */
export class LeaseOutbox {
  readonly #parts: LeaseOutboxParts
  #draining: Promise<void> = Promise.resolve()
  #gathering: NodeJS.Timeout | undefined
  #looking: NodeJS.Timeout | undefined

  constructor(parts: LeaseOutboxParts) {
    this.#parts = parts
  }

  start(): void {
    this.#looking = setInterval(() => void this.#look(), LOOK_EVERY_MS).unref()
  }

  /** There is something in it. */
  wake(): void {
    this.#gathering ??= setTimeout(() => {
      this.#gathering = undefined
      void this.#look()
    }, GATHER_MS).unref()
  }

  /** Empties it, as it is now. Throws when Redis or the database is away: then it is tried again in a while. */
  drain(): Promise<void> {
    this.#draining = this.#draining.catch(() => {}).then(() => this.#drain())
    return this.#draining
  }

  close(): void {
    clearInterval(this.#looking)
    clearTimeout(this.#gathering)
  }

  #look(): Promise<void> {
    return this.drain().catch(() => {})
  }

  async #drain(): Promise<void> {
    const { link, keys, replies, record } = this.#parts
    for (;;) {
      const range = ['ZRANGEBYSCORE', keys.leaseOutbox, '-inf', '+inf', 'LIMIT', '0', String(AT_ONCE)]
      const texts = (await link.send(range, DEADLINE_MS)) as string[]
      const changes = texts.map((text) => replies.parseChange(text))
      const last = changes.at(-1)
      if (!last) return
      await record(changes)
      await link.send(['ZREMRANGEBYSCORE', keys.leaseOutbox, '-inf', String(last.seq)], DEADLINE_MS)
      if (changes.length < AT_ONCE) return
    }
  }
}
