import type { MemoryEvent } from '../domain/event.ts'

/** What a subscriber gets at once. */
export interface Delivery {
  /** In the order of `seq`, nothing left out. Empty when only `resync` is to be said. */
  readonly events: readonly MemoryEvent[]
  /** Events before these were lost to this subscriber: what it knows may be old, it should read again. */
  readonly resync: boolean
  /** Everything up to this number was delivered, or lost and said so. A later subscription goes on after it. */
  readonly lastSeq: number
}

/** Called with one delivery at a time: the next one waits for the promise. One that throws is unsubscribed. */
export type Subscriber = (delivery: Delivery) => void | Promise<void>

export type Unsubscribe = () => void

export interface SubscribeOptions {
  /** Begins with the event after this one; default: from now on (the moment it resolves, at the latest). */
  readonly afterSeq?: number | undefined
  /** How late it may hear of other processes where the bus has to look for news: looking rarely spares an idle machine. */
  readonly patienceMs?: number | undefined
}

/**
 * Delivers to the subscribers of one instance what any instance has committed.
 *
 * Promised: each event at most once to each subscriber, in the order of `seq`, and none between two
 * deliveries left out without `resync`; with `afterSeq` everything after that event, as far as the log
 * reaches, else one `resync`; a slow subscriber delays no other subscriber and costs bounded memory: too far
 * behind, it gets one `resync` in place of the events. Not promised: that an event arrives at all while the
 * log cannot be read (it arrives afterwards), or how soon.
 */
export interface EventBus {
  /** Announces events that this instance has committed. Does no I/O and never throws. */
  publish(events: readonly MemoryEvent[]): void
  subscribe(subscriber: Subscriber, options?: SubscribeOptions): Promise<Unsubscribe>
  /** False while the events of other instances cannot be followed. */
  isConnected(): boolean
  /** Ends every subscription. A delivery that is under way finishes, none begins. */
  close(): Promise<void>
}

/** The events that are kept, as a bus reads them. The store's half, handed in where everything is put together. */
export interface EventLog {
  /** The oldest events after `seq`, at most `limit`, and where the log ends; one snapshot. */
  readAfter(seq: number, limit: number): Promise<LogPage>
  lastSeq(): Promise<number>
  /** Differs from the number before when another process may have committed; null where that is not known. */
  changeToken(): number | null
}

export interface LogPage {
  readonly events: readonly MemoryEvent[]
  readonly lastSeq: number
  /** True when events after the asked one are gone, or the log ends before it (a restored backup). */
  readonly hasGap: boolean
}
