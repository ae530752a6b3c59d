import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Counts, HistoryWriter } from '../history.ts'

const ZERO: Counts = { lockOps: 0, grants: 0, reads: 0, l1: 0, l2: 0, database: 0, writes: 0, unknown: 0 }
const EVERY_MS = 500

/** Counts what this process does, and writes the sums down twice a second. */
export class Tally {
  readonly #history: HistoryWriter
  readonly #delay = monitorEventLoopDelay({ resolution: 10 })
  readonly #timer: NodeJS.Timeout
  #counts: { -readonly [K in keyof Counts]: number } = { ...ZERO }

  constructor(history: HistoryWriter) {
    this.#history = history
    this.#delay.enable()
    this.#timer = setInterval(() => this.write(), EVERY_MS)
  }

  add(what: keyof Counts): void {
    this.#counts[what]++
  }

  write(): void {
    const lagMs = Math.max(0, Math.round(this.#delay.max / 1e6) - 10)
    const rssMb = Math.round(process.memoryUsage.rss() / 2 ** 20)
    this.#history.add({ op: 'counts', counts: this.#counts, rssMb, lagMs })
    this.#counts = { ...ZERO }
    this.#delay.reset()
  }

  close(): void {
    clearInterval(this.#timer)
    this.write()
  }
}
