import { setTimeout as sleep } from 'node:timers/promises'
import { type HistoryWriter, microseconds } from '../history.ts'
import type { Random } from '../random.ts'
import type { Call } from './calls.ts'
import type { SharedEntry } from './settings.ts'
import type { Tally } from './tally.ts'

interface ReadParts {
  readonly call: Call
  readonly history: HistoryWriter
  readonly random: Random
  readonly tally: Tally
  readonly entries: readonly SharedEntry[]
}

interface Run {
  readonly first: number
  firstEnd: number
  last: number
  n: number
}

interface Found {
  readonly results: readonly { readonly id: string; readonly version: number }[]
  readonly served_from: 'l1' | 'l2' | 'database'
}

const FLUSH_MS = 200
const ROUND_MS = 8
/** So many answers from the process take about two milliseconds, for which nothing else happens in it. */
const MOST_IN_ROUND = 100

/** Reads entries at the given rate, and writes down which version was served from when to when. */
export class Reads {
  readonly #parts: ReadParts
  readonly #runs = new Map<string, Map<number, Run>>()
  readonly #flushing: NodeJS.Timeout
  #isFailing = false
  #lastRound = performance.now()

  constructor(parts: ReadParts) {
    this.#parts = parts
    this.#flushing = setInterval(() => this.flush(), FLUSH_MS)
  }

  /** One entry, again and again for a moment: what is kept in the process answers most of it. */
  async round(perSecond: number): Promise<void> {
    const entry = this.#parts.random.pick(this.#parts.entries)
    const count = Math.min(MOST_IN_ROUND, Math.ceil((perSecond * this.#sinceLastMs()) / 1000))
    for (let n = 0; n < count; n++) await this.read(entry)
    await sleep(ROUND_MS)
  }

  /** What a busy machine kept it from is made up for in the next round. */
  #sinceLastMs(): number {
    const before = this.#lastRound
    this.#lastRound = performance.now()
    return this.#lastRound - before
  }

  async read(entry: SharedEntry): Promise<void> {
    const { call, history, tally } = this.#parts
    const answer = await call<Found>('reader', 'memory_query search', {
      query: entry.word,
      scope_type: 'project',
      scope_id: entry.projectId,
    })
    if ('error' in answer) {
      // One line tells of a row of failures; the pause keeps it from being a busy loop.
      if (!this.#isFailing) history.add({ op: 'failed', what: 'read', ...answer })
      this.#isFailing = true
      await sleep(20)
      return
    }
    this.#isFailing = false
    tally.add('reads')
    tally.add(answer.result.served_from)
    const version = answer.result.results.find(({ id }) => id === entry.id)?.version ?? 0
    this.#note(entry.id, version, answer.sent)
  }

  flush(): void {
    for (const [entry, runs] of this.#runs) {
      for (const [version, run] of runs) this.#parts.history.add({ op: 'read', entry, version, ...run })
    }
    this.#runs.clear()
  }

  close(): void {
    clearInterval(this.#flushing)
    this.flush()
  }

  #note(entry: string, version: number, sent: number): void {
    const runs = this.#runs.get(entry) ?? new Map<number, Run>()
    this.#runs.set(entry, runs)
    const run = runs.get(version)
    if (!run) {
      runs.set(version, { first: sent, firstEnd: microseconds(), last: sent, n: 1 })
      return
    }
    run.last = Math.max(run.last, sent)
    run.n++
  }
}
