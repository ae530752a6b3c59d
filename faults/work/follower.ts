import { setTimeout as sleep } from 'node:timers/promises'
import type { HistoryWriter } from '../history.ts'
import type { Call } from './calls.ts'

interface Page {
  readonly events: readonly { readonly seq: number }[]
  readonly last_seq: number
  readonly resync?: true
}

const PAUSE_MS = 100

/** Reads the changes of entries by their numbers, going on from where it got to, as `memory_event` says that one may. */
export class Follower {
  readonly #call: Call
  readonly #history: HistoryWriter
  #since: number | undefined

  constructor(call: Call, history: HistoryWriter) {
    this.#call = call
    this.#history = history
  }

  async round(): Promise<void> {
    await sleep(PAUSE_MS)
    const args = { since: this.#since ?? 0, types: ['entry.*'], limit: 100 }
    const answer = await this.#call<Page>('follower', 'memory_event list', args)
    if ('error' in answer) return
    const { events, last_seq: last, resync = false } = answer.result
    if (resync && this.#since === last) return
    this.#since = last
    const seqs = events.map(({ seq }) => seq)
    if (seqs.length > 0 || resync) this.#history.add({ op: 'told', seqs, resync })
  }
}
