import type { MemoryEvent } from '../../../domain/event.ts'
import type { Versions } from '../../cache.ts'
import type { LogPage } from '../../event-bus.ts'
import type { RedisLink } from '../connection/link.ts'
import type { RedisKeys } from '../keys.ts'
import type { RedisEpoch } from '../leases/epoch.ts'
import { loadScript } from '../script.ts'
import type { Seal } from '../seal.ts'
import { readVersion } from '../values.ts'

export interface PublisherParts {
  readonly link: RedisLink
  readonly keys: RedisKeys
  readonly epoch: RedisEpoch
  readonly channel: string
  readonly seal: Seal
  /** The committed events after that number, oldest first, at most so many. */
  readonly eventsAfter: (seq: number, limit: number) => Promise<LogPage>
  readonly lastSeq: () => Promise<number>
  readonly readAllVersions: () => Promise<Versions>
  /** Versions that a round found in the log. */
  readonly onVersions: (versions: Versions) => void
}

const DEADLINE_MS = 250
// A round takes a moment too: what the message missed is to be known within a second of its commit.
const RELAY_EVERY_MS = 750
const RELAYED_AT_ONCE = 500

/**
 * Tells the other instances what was committed. The writer itself does so before it answers, for at most 250 ms; whatever that
 * missed (a killed writer, Redis away) every instance finds in the change log within a second and tells again: twice is once.
 */
export class RedisPublisher {
  readonly #parts: PublisherParts
  readonly #script = loadScript('publish')
  /** Where the log ended before this instance read anything of the database; not known where that could not be asked. */
  readonly #startedAt: Promise<number>
  #relayed: number | undefined
  #timer: NodeJS.Timeout | undefined
  #relaying: Promise<unknown> = Promise.resolve()

  constructor(parts: PublisherParts) {
    this.#parts = parts
    this.#startedAt = parts.lastSeq().catch(() => Number.POSITIVE_INFINITY)
  }

  start(): void {
    this.#timer = setInterval(() => void this.relay(), RELAY_EVERY_MS).unref()
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    await this.#relaying
  }

  /** Never throws: the relay does what this could not. */
  async publish(events: readonly MemoryEvent[]): Promise<void> {
    if (events.length === 0) return
    if (events.length > RELAYED_AT_ONCE) void this.relay()
    else await this.#tell(events).catch(() => {})
  }

  /** One round: tells everything that was committed since the last round. One at a time; false when it did not get through. */
  relay(): Promise<boolean> {
    const round = this.#relaying.then(() => this.#relay()).catch(() => false)
    this.#relaying = round
    return round
  }

  async #relay(): Promise<boolean> {
    this.#relayed ??= await this.#begin()
    for (;;) {
      const { events, hasGap, lastSeq } = await this.#parts.eventsAfter(this.#relayed, RELAYED_AT_ONCE)
      if (hasGap) await this.#tellAllVersions()
      if (lastSeq < this.#relayed) {
        // The next round begins anew.
        this.#relayed = undefined
        return false
      }
      const last = events.at(-1)
      if (!last) return true
      this.#parts.onVersions(new Map(events.flatMap((event) => Object.entries(event.versions))))
      await this.#tell(events)
      this.#relayed = last.seq
    }
  }

  /**
   * After what some instance has told, with what its neighbours may have left out. And not after the start: since then this
   * instance keeps answers, and there may have been no Redis to hear of what ended them.
   */
  async #begin(): Promise<number> {
    const { link, keys } = this.#parts
    const told = readVersion(await link.send(['HGET', keys.meta, 'told'], DEADLINE_MS))
    // Asked after the other: what was told is in the log.
    const last = await this.#parts.lastSeq()
    if (told !== undefined && told > last) await this.#forget()
    return Math.max(0, Math.min(last, await this.#startedAt, told ?? last) - RELAYED_AT_ONCE)
  }

  /** The log has gone back: an older copy of the database was restored. What Redis knows of it begins anew. */
  async #forget(): Promise<void> {
    const { link, keys } = this.#parts
    await link.send(['DEL', keys.published], DEADLINE_MS)
    await link.send(['HDEL', keys.meta, 'told', 'server'], DEADLINE_MS)
    link.renew(new Error('an older copy of the database was restored'))
  }

  /** The log has forgotten what was not told yet: that events were missed harms nobody, versions must not be. */
  async #tellAllVersions(): Promise<void> {
    const versions = await this.#parts.readAllVersions()
    this.#parts.onVersions(versions)
    const all = [...versions]
    for (let start = 0; start < all.length; start += RELAYED_AT_ONCE)
      await this.#send([], all.slice(start, start + RELAYED_AT_ONCE))
  }

  #tell(events: readonly MemoryEvent[]): Promise<void> {
    const versions = new Map(events.flatMap((event) => Object.entries(event.versions)))
    return this.#send(events, [...versions])
  }

  async #send(
    events: readonly MemoryEvent[],
    versions: readonly (readonly [key: string, version: number])[],
  ): Promise<void> {
    const { link, keys, epoch, channel } = this.#parts
    const args = () => [
      epoch.current,
      channel,
      String(events.length),
      ...events.flatMap((event) => [String(event.seq), event.id, this.#message(event)]),
      ...versions.flatMap(([key, version]) => [key, String(version)]),
    ]
    await link.run(this.#script, [keys.meta, keys.versions, keys.published], args, DEADLINE_MS)
  }

  #message({ v, ...rest }: MemoryEvent): string {
    const { keys, epoch, seal } = this.#parts
    const message = JSON.stringify({ v, ns: keys.namespace, epoch: Number(epoch.current), ...rest })
    return seal.sealObject(message, keys.namespace)
  }
}
