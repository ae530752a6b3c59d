import type { Clock } from '../../../domain/clock.ts'
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
  readonly clock: Clock
  /** The committed events after that number, oldest first, at most so many. */
  readonly eventsAfter: (seq: number, limit: number) => Promise<LogPage>
  readonly lastSeq: () => Promise<number>
  readonly readAllVersions: () => Promise<Versions>
  /** Versions that a round found in the log. */
  readonly onVersions: (versions: Versions) => void
  /** The log does not go on where it ended: a backup of the database may have been restored. */
  readonly onBreak: () => void
}

const DEADLINE_MS = 250
// A round takes a moment too: what the message missed is to be known within a second of its commit.
const RELAY_EVERY_MS = 500
const FRESH_MS = 1_000
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
  /** Events that this instance has published in that epoch, behind those that were relayed. */
  #published = { epoch: '', seqs: new Set<number>() }
  /** When the last look at the log began that read it to its end. */
  #lookedAt = Number.NEGATIVE_INFINITY
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
    else await this.#publish(events).catch(() => {})
  }

  async #publish(events: readonly MemoryEvent[]): Promise<void> {
    const { current } = this.#parts.epoch
    await this.#tell(events)
    if (current !== this.#parts.epoch.current) return
    if (current !== this.#published.epoch) this.#published = { epoch: current, seqs: new Set() }
    for (const { seq } of events) if (seq > (this.#relayed ?? 0)) this.#published.seqs.add(seq)
  }

  /**
   * True while everything that was committed until a second ago is known here, published or not. A busy
   * machine, or a database that answers slowly, may take longer than that for a round: then it is not.
   */
  isFresh(): boolean {
    return this.#parts.clock.monotonic() - this.#lookedAt <= FRESH_MS
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
      const began = this.#parts.clock.monotonic()
      const { events, hasGap, lastSeq } = await this.#parts.eventsAfter(this.#relayed, RELAYED_AT_ONCE)
      if (hasGap) {
        this.#published.seqs.clear()
        this.#parts.onBreak()
        await this.#tellAllVersions()
      }
      if (lastSeq < this.#relayed) {
        // The next round begins anew, and numbers may be given again.
        this.#relayed = undefined
        this.#published.seqs.clear()
        this.#parts.onBreak()
        return false
      }
      this.#parts.onVersions(new Map(events.flatMap((event) => Object.entries(event.versions))))
      // Known here, whether or not Redis takes it.
      if (events.length < RELAYED_AT_ONCE) this.#lookedAt = began
      const last = events.at(-1)
      if (!last) return true
      const missed = this.#unpublished(events)
      if (missed.length > 0) await this.#tell(missed)
      this.#relayed = last.seq
    }
  }

  /** Those that this instance did not publish itself; it forgets the others. Another memory of Redis has to be told all. */
  #unpublished(events: readonly MemoryEvent[]): readonly MemoryEvent[] {
    const { epoch, seqs } = this.#published
    const isSame = epoch === this.#parts.epoch.current
    return events.filter(({ seq }) => !(seqs.delete(seq) && isSame))
  }

  /**
   * Begins after the last event that an instance has published, and repeats a few before it that a neighbour
   * may have left out. It does not begin at this instance's start: since then this instance keeps answers,
   * and without Redis it may have missed what ended them.
   */
  async #begin(): Promise<number> {
    const { link, keys } = this.#parts
    const told = readVersion(await link.send(['HGET', keys.meta, 'told'], DEADLINE_MS))
    // Read after the other: every published event is in the log by then.
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

  /**
   * The log has dropped events that were not published yet. Missed events do no harm, missed versions do: so
   * every version is published.
   */
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
