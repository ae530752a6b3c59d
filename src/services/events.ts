import type {
  Delivery,
  EventBus,
  SubscribeOptions,
  Subscriber,
  Unsubscribe,
} from '../coordination/event-bus.ts'
import { type EventFilter, expandEventTypes, type MemoryEvent, matchesFilter } from '../domain/event.ts'
import { cutPage, decodeNumberCursor, encodeCursor } from '../domain/page.ts'
import type { ScopeType } from '../domain/scope.ts'
import { lastSeq, readLogPage } from '../store/change-log.ts'
import type { Store } from '../store/store.ts'
import type { Sight } from './access/sight.ts'
import type { Caller } from './running/caller.ts'
import type { Scopes } from './scopes/scopes.ts'

export type { Delivery, Unsubscribe }

/** Which events a caller asks for. */
export interface EventRequest {
  /** The events after this number. */
  readonly since?: number | undefined
  /** Types or groups of them (`lock.*`). */
  readonly types?: readonly string[] | undefined
  readonly scope_type?: ScopeType | undefined
  readonly scope_id?: string | undefined
}

export interface EventPage {
  readonly events: readonly MemoryEvent[]
  /** Nothing up to here is missing from this answer: pass it as `since` to go on without a gap. */
  readonly last_seq: number
  readonly next_cursor?: string
  /** Some of the events asked for are gone: what the caller knows may be old. */
  readonly resync?: true
}

/** The deployment of the events, as its channel names it. */
export type EventOrigin = Pick<MemoryEvent, 'ns' | 'epoch'>

interface EventParts {
  readonly scopes: Scopes
  readonly sight: Sight
  readonly bus: EventBus
  readonly shutdown: AbortSignal
  /** Left out where there is no channel. */
  readonly originOf?: (() => EventOrigin) | undefined
}

const WAIT_LIMIT = 100
/** So many reads of the log for one page of events that the caller may see. */
const MOST_READS = 50

/** What happened, read from the log or waited for. */
export class Events {
  readonly #store: Store
  readonly #scopes: Scopes
  readonly #sight: Sight
  readonly #bus: EventBus
  readonly #shutdown: AbortSignal
  readonly #originOf: () => EventOrigin

  constructor(store: Store, { scopes, sight, bus, shutdown, originOf = () => ({}) }: EventParts) {
    this.#store = store
    this.#scopes = scopes
    this.#sight = sight
    this.#bus = bus
    this.#shutdown = shutdown
    this.#originOf = originOf
  }

  /** The events after `since`, or from the beginning, oldest first; without a scope those that the current project reaches. */
  async list(
    caller: Caller,
    request: EventRequest & { limit: number; cursor?: string | undefined },
  ): Promise<EventPage> {
    const since = request.cursor === undefined ? request.since : decodeNumberCursor(request.cursor)
    const reach = await this.#reach(caller, request)
    const filter = { ...filterOf(request), reach, limit: request.limit + 1 }
    const { found, isAll, end, hasGap } = await this.#readSeen(caller, filter, since ?? 0)
    const { page, next } = cutPage(found, request.limit, (event) => event.seq)
    const complete = next.next_cursor ? page.at(-1)?.seq : end
    const more = isAll || next.next_cursor ? next : { next_cursor: encodeCursor([end]) }
    // A caller that asks for everything there is has missed nothing.
    const gap = hasGap && since !== undefined ? { resync: true as const } : {}
    return { events: this.#withOrigin(page), last_seq: complete ?? end, ...more, ...gap }
  }

  /** As soon as there is an event after `since` (default: now), those that there are; none when the time is up. */
  async wait(
    caller: Caller,
    request: EventRequest & { timeout_ms: number },
    signal: AbortSignal,
  ): Promise<EventPage> {
    const since = request.since ?? (await this.#store.read(lastSeq))
    try {
      const { next_cursor: _cursor, ...ready } = await this.list(caller, {
        ...request,
        since,
        limit: WAIT_LIMIT,
      })
      if (ready.events.length > 0 || ready.resync) return ready
      return await this.#next(caller, { ...request, since: ready.last_seq }, signal)
    } catch (error) {
      // Wherever the shutdown meets it, a wait ends the same way.
      if (this.#shutdown.aborted) return { events: [], last_seq: since }
      throw error
    }
  }

  /** Live events for a connection that stays: what the bus promises. */
  subscribe(subscriber: Subscriber, options: SubscribeOptions = {}): Promise<Unsubscribe> {
    const tell: Subscriber = (delivery) =>
      subscriber({ ...delivery, events: this.#withOrigin(delivery.events) })
    return this.#bus.subscribe(tell, options)
  }

  /** Live events that the request asks for, after those since then that the log still has. */
  follow(caller: Caller, request: EventRequest, subscriber: Subscriber): Promise<Unsubscribe> {
    const filter = filterOf(request)
    const tell: Subscriber = async ({ events, ...rest }) => {
      const fitting = events.filter((event) => matchesFilter(event, filter))
      const seen = fitting.length === 0 ? fitting : await this.seenBy(caller, fitting)
      await subscriber({ ...rest, events: seen })
    }
    return this.subscribe(tell, { afterSeq: request.since })
  }

  /** Of these events the ones that the caller may see by now. */
  async seenBy(caller: Caller, events: readonly MemoryEvent[]): Promise<readonly MemoryEvent[]> {
    return this.#sight.events(await this.#sight.now(caller), events)
  }

  /** The number of the newest event. */
  newest(): Promise<number> {
    return this.#store.read(lastSeq)
  }

  /** Events that the caller may see, as many as asked for where there are so many, and how far the log was read. */
  async #readSeen(
    caller: Caller,
    filter: EventFilter & { limit: number },
    since: number,
  ): Promise<{ found: MemoryEvent[]; isAll: boolean; end: number; hasGap: boolean }> {
    const found: MemoryEvent[] = []
    let first: boolean | undefined
    for (let afterSeq = since, reads = 1; ; reads++) {
      const log = await this.#store.snapshot((db) => readLogPage(db, { ...filter, afterSeq }))
      found.push(...(await this.#sight.events(caller, log.events)))
      first ??= log.hasGap
      const isAll = log.events.length < filter.limit
      const end = isAll ? log.lastSeq : (log.events.at(-1)?.seq ?? log.lastSeq)
      if (isAll || found.length >= filter.limit || reads === MOST_READS)
        return { found, isAll, end, hasGap: first }
      afterSeq = end
    }
  }

  /** The scopes that a read without a scope means; undefined where the request names some. */
  async #reach(caller: Caller, request: EventRequest): Promise<string[] | undefined> {
    // Without a workspace the caller's scope is unknown and not guessed: then nothing is left out.
    if (isScoped(request) || caller.workspace === null) return undefined
    return (await this.#scopes.chainForRead(caller, {})).map(({ id }) => id)
  }

  #withOrigin(events: readonly MemoryEvent[]): MemoryEvent[] {
    const origin = this.#originOf()
    return events.map(({ v, ...event }) => ({ v, ...origin, ...event }))
  }

  async #listNow(caller: Caller, request: EventRequest): Promise<EventPage> {
    const now = await this.#sight.now(caller)
    const { next_cursor: _cursor, ...page } = await this.list(now, { ...request, limit: WAIT_LIMIT })
    return page
  }

  async #next(
    caller: Caller,
    request: EventRequest & { since: number; timeout_ms: number },
    signal: AbortSignal,
  ): Promise<EventPage> {
    const filter = filterOf(request)
    const { since: afterSeq } = request
    const answer = Promise.withResolvers<EventPage>()
    let seen = afterSeq
    const unsubscribe = await this.subscribe(
      ({ events, resync, lastSeq }) => {
        seen = lastSeq
        const fitting = events.filter((event) => matchesFilter(event, filter))
        if (fitting.length === 0 && !resync) return
        if (!caller.rights && (resync || isScoped(request) || caller.workspace === null))
          return answer.resolve(livePage(fitting, { resync, lastSeq }))
        // Which of them the project reaches, and the caller may see, the database says: it may have been made by one of them.
        this.#listNow(caller, request).then((page) => {
          if (page.events.length > 0 || page.resync) answer.resolve(page)
        }, answer.reject)
      },
      { afterSeq },
    )
    const giveUp = () => answer.resolve({ events: [], last_seq: seen })
    const stopListening = onAbort([signal, this.#shutdown], giveUp)
    const timer = setTimeout(giveUp, request.timeout_ms)
    try {
      return await answer.promise
    } finally {
      clearTimeout(timer)
      stopListening()
      unsubscribe()
    }
  }
}

function livePage(
  events: readonly MemoryEvent[],
  { resync, lastSeq }: { resync: boolean; lastSeq: number },
): EventPage {
  const shown = events.slice(0, WAIT_LIMIT)
  const complete = events.length > WAIT_LIMIT ? shown.at(-1)?.seq : lastSeq
  return { events: shown, last_seq: complete ?? lastSeq, ...(resync ? { resync } : {}) }
}

function isScoped({ scope_type, scope_id }: EventRequest): boolean {
  return scope_type !== undefined || scope_id !== undefined
}

function filterOf({ types, scope_type, scope_id }: EventRequest): EventFilter {
  return { types: types && expandEventTypes(types), scopeType: scope_type, scopeId: scope_id }
}

/** Calls back once when any of the signals is aborted, or has been. Answers how to stop listening. */
function onAbort(signals: readonly AbortSignal[], callback: () => void): () => void {
  if (signals.some((signal) => signal.aborted)) callback()
  for (const signal of signals) signal.addEventListener('abort', callback, { once: true })
  return () => {
    for (const signal of signals) signal.removeEventListener('abort', callback)
  }
}
