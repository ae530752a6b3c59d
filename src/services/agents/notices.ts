import type { LeaseReader } from '../../coordination/lease-store.ts'
import type { Clock } from '../../domain/clock.ts'
import type { EventType, MemoryEvent } from '../../domain/event.ts'
import { claimTelling, toldSeq } from '../../store/agents/agents.ts'
import { readLogPage } from '../../store/change-log.ts'
import type { Store } from '../../store/store.ts'
import type { Sight } from '../access/sight.ts'
import type { Caller } from '../running/caller.ts'
import { type News, newsOf, noticeText } from './news.ts'

/** What an agent gets with its next answer. */
export interface Notice {
  readonly texts: readonly string[]
  /** Once: false where another instance tells it. */
  claim(): Promise<boolean>
}

const TYPES: readonly EventType[] = [
  'lock.wanted',
  'lock.expired',
  'lock.forced',
  'entry.updated',
  'entry.deactivated',
  'entry.deleted',
]
const AT_ONCE = 500
/** So much of the log is looked through at one call. */
const MOST_PAGES = 4
const MOST_TEXTS = 3
const MOST_REMEMBERED = 10_000
/** Where nothing says for free that others have written, the log is looked at so often at most. */
const LOOK_EVERY_MS = 250

interface Looked {
  readonly seq: number
  readonly own: number
  readonly token: number | null
  readonly atMs: number
}

/** Tells an agent once what concerns it: its lock is wanted or has ended, its entry was changed. */
export class Notices {
  readonly #store: Store
  readonly #leases: LeaseReader
  readonly #clock: Clock
  readonly #sight: Sight
  /** Agent → up to where the log was looked through for it, and what was known then. */
  readonly #looked = new Map<string, Looked>()
  /** How often this instance has written an event that may concern an agent. */
  #own = 0

  constructor(store: Store, { leases, sight, clock }: { leases: LeaseReader; sight: Sight; clock: Clock }) {
    this.#store = store
    this.#sight = sight
    this.#leases = leases
    this.#clock = clock
    store.onCommit(({ events }) => {
      if (events.some(({ type }) => TYPES.includes(type))) this.#own++
    })
  }

  /**
   * What is new to the agent; undefined for nothing, or for an agent that is not known. Costs no query while
   * nothing has happened.
   */
  async peek(caller: Caller): Promise<Notice | undefined> {
    const { agentId } = caller
    const now = this.#now()
    const before = this.#looked.get(agentId)
    if (before && !this.#mayBeNews(before, now)) return undefined
    return this.#look(caller, before?.seq ?? 0, now).catch(() => undefined)
  }

  /** True where it is known without a look that nothing is new to the agent. */
  isQuiet(agentId: string): boolean {
    const before = this.#looked.get(agentId)
    return before !== undefined && !this.#mayBeNews(before, this.#now())
  }

  #now(): Omit<Looked, 'seq'> {
    return { own: this.#own, token: this.#store.database.changeToken(), atMs: this.#clock.monotonic() }
  }

  #mayBeNews(before: Looked, now: Omit<Looked, 'seq'>): boolean {
    if (now.own !== before.own) return true
    return now.token === null ? now.atMs - before.atMs >= LOOK_EVERY_MS : now.token !== before.token
  }

  async #look(caller: Caller, seenSeq: number, now: Omit<Looked, 'seq'>): Promise<Notice | undefined> {
    const { agentId } = caller
    const told = await this.#store.read((db) => toldSeq(db, agentId))
    if (told === undefined) return undefined
    const { events, seq } = await this.#events(Math.max(told, seenSeq))
    const seen = await this.#sight.events(caller, events)
    const news = await newsOf(agentId, seen, { store: this.#store, leases: this.#leases })
    if (this.#looked.size >= MOST_REMEMBERED) this.#looked.clear()
    // News is read again at each look until the agent has it.
    this.#looked.set(agentId, {
      ...now,
      seq: news.length > 0 ? seenSeq : seq,
      ...(news.length > 0 && { own: -1 }),
    })
    if (news.length === 0) return undefined
    return {
      texts: textsOf(news),
      claim: async () => {
        const isOurs = await this.#store
          .write(({ db }) => claimTelling(db, { agentId, before: told, seq }), { changes: 'own rows' })
          .catch(() => false)
        this.#looked.set(agentId, { ...now, seq })
        return isOurs
      },
    }
  }

  async #events(afterSeq: number): Promise<{ events: readonly MemoryEvent[]; seq: number }> {
    const events: MemoryEvent[] = []
    let seq = afterSeq
    for (let page = 0; page < MOST_PAGES; page++) {
      const request = { afterSeq: seq, limit: AT_ONCE, types: TYPES }
      const log = await this.#store.snapshot((db) => readLogPage(db, request))
      events.push(...log.events)
      const isAll = log.events.length < AT_ONCE
      seq = Math.max(seq, isAll ? log.lastSeq : (log.events.at(-1)?.seq ?? seq))
      if (isAll) break
    }
    return { events, seq }
  }
}

/** The latest first, few of them. */
function textsOf(news: readonly News[]): readonly string[] {
  const latest = news.toReversed()
  const more = latest.length - MOST_TEXTS
  return [
    ...latest.slice(0, MOST_TEXTS).map(noticeText),
    ...(more > 0 ? [`And ${more} more of that kind: memory_event list shows them.`] : []),
  ]
}
