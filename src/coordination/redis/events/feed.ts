import type { Clock } from '../../../domain/clock.ts'
import type { Versions } from '../../cache.ts'
import type { RedisLink } from '../connection/link.ts'
import type { Junk } from '../junk.ts'
import type { RedisKeys } from '../keys.ts'
import type { Seal } from '../seal.ts'
import { parseNews } from '../values.ts'

export interface FeedParts {
  /** A connection of its own: messages and heartbeats come on it in one order. */
  readonly link: RedisLink
  readonly keys: RedisKeys
  readonly channel: string
  readonly clock: Clock
  readonly seal: Seal
  readonly junk: Junk
  /** False while another database uses this Redis: then its news is none of ours. */
  readonly isOurs: () => boolean
  readonly onVersions: (versions: Versions) => void
  /** Something was committed; the change log says what. */
  readonly onChange: () => void
  /** Learns from the change log what was said while there was no connection; false when that failed. */
  readonly catchUp: () => Promise<boolean>
}

const FRESH_MS = 1_000
const RETRY_MS = 250
/** The wall clock going ahead of the monotonic one by more than this means that the machine slept. */
const SLEPT_MS = 500

/** Hears what other instances committed, and knows whether it hears everything. */
export class RedisFeed {
  readonly #parts: FeedParts
  #offset: number
  /** Counts connections; only a catch-up that began on the present one proves anything. */
  #connection = 0
  #isCaughtUp = false

  constructor(parts: FeedParts) {
    this.#parts = parts
    this.#offset = wallOffset(parts.clock)
  }

  /** To be called before the link is started. */
  async start(): Promise<void> {
    const { link, channel } = this.#parts
    await link.subscribe(channel, (message) => this.#hear(message))
    link.onReady(() => void this.catchUp())
  }

  /** True while everything that was published until a second ago has been heard. */
  isFresh(): boolean {
    const offset = wallOffset(this.#parts.clock)
    if (offset - this.#offset > SLEPT_MS) {
      this.#offset = offset
      this.#parts.link.renew(new Error('the machine slept'))
      return false
    }
    this.#offset = offset
    return this.#isCaughtUp && this.#parts.isOurs() && this.#parts.link.provenAgoMs() <= FRESH_MS
  }

  /** True when what was committed while there was no connection is known, here and in Redis. */
  get isCaughtUp(): boolean {
    return this.#isCaughtUp
  }

  /** Begins anew with each new connection, also with that of the publisher. */
  async catchUp(): Promise<void> {
    const connection = ++this.#connection
    this.#isCaughtUp = false
    this.#parts.onChange()
    while (connection === this.#connection && !this.#isCaughtUp && this.#parts.link.status().connected) {
      const isDone = await this.#parts.catchUp()
      if (isDone && connection === this.#connection) this.#isCaughtUp = true
      else await new Promise((resolve) => setTimeout(resolve, RETRY_MS).unref())
    }
  }

  /** Any client of Redis may publish to a channel: a message without a true seal is dropped. */
  #hear(message: string): void {
    const { keys, seal, junk, isOurs } = this.#parts
    const news = parseNews(message)
    if (news?.ns !== keys.namespace || !isOurs()) return
    if (!seal.isTrueObject(message, keys.namespace)) {
      junk.found('events')
      return
    }
    this.#parts.onVersions(new Map(Object.entries(news.versions)))
    this.#parts.onChange()
  }
}

function wallOffset(clock: Clock): number {
  return clock.now() - clock.monotonic()
}
