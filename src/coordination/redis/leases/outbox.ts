import type { NumberedChange } from '../../../domain/leases/lease.ts'
import type { RedisLink } from '../connection/link.ts'
import type { RedisKeys } from '../keys.ts'
import type { LeaseReplies } from './scripts.ts'

export interface OutboxRows {
  readonly texts: readonly string[]
  readonly scores: readonly number[]
  /** The number of the last change of holder: no row of ours has a later one. */
  readonly lastChange: number
}

export interface LeaseOutboxParts {
  readonly link: RedisLink
  readonly keys: RedisKeys
  readonly replies: LeaseReplies
  /** The first rows; see lease/asks.lua. */
  readonly look: () => Promise<OutboxRows>
  /** So many rows could not be read and were put aside. */
  readonly onJunk: (count: number) => void
  /** Writes down those that were not written yet, in one transaction. */
  readonly record: (changes: readonly NumberedChange[]) => Promise<void>
}

const GATHER_MS = 10
const LOOK_EVERY_MS = 1_000
/** As lease/asks.lua gives them. */
const AT_ONCE = 200

/**
 * Brings changes of holders from Redis, where each is kept in the same step as the change itself, into the
 * database. The instance that made a change does so a moment later; what a killed instance left, or one that
 * lost its answer, the others look for each second.
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
    while (await this.#drainSome());
  }

  /** False when those were all: what came since is gathered first, since each time costs a write of the database. */
  async #drainSome(): Promise<boolean> {
    const { link, keys, record, look } = this.#parts
    const rows = await look()
    const { changes, junk } = this.#sorted(rows)
    const last = changes.at(-1)
    if (last) {
      await record(changes)
      await link.send(['ZREMRANGEBYSCORE', keys.leaseOutbox, '-inf', String(last.seq)], link.answerMs)
    }
    // Whatever cannot be read would be found first, or last, for ever.
    if (junk.length > 0) await this.#putAside(junk)
    return rows.texts.length >= AT_ONCE
  }

  /** Changes in their order, and what no instance of ours can have written: a number that was not given yet is junk too. */
  #sorted({ texts, scores, lastChange }: OutboxRows): { changes: NumberedChange[]; junk: string[] } {
    const changes: NumberedChange[] = []
    const junk: string[] = []
    for (const [place, text] of texts.entries()) {
      const found = this.#parts.replies.parseChange(text)
      if (found && found.seq === scores[place] && found.seq <= lastChange) changes.push(found)
      else junk.push(text)
    }
    return { changes, junk }
  }

  async #putAside(texts: readonly string[]): Promise<void> {
    const { link, keys, onJunk } = this.#parts
    await link.send(['ZREM', keys.leaseOutbox, ...texts], link.answerMs)
    onJunk(texts.length)
  }
}
