import { createHistogram } from 'node:perf_hooks'

export interface Percentiles {
  readonly count: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly maxMs: number
}

/** Times by how often, within 0.1 %, in bounded memory. */
export class Histogram {
  readonly #times = createHistogram()
  #maxUs = 0

  add(us: number): void {
    // It counts whole numbers from 1 on.
    this.#times.record(Math.max(1, Math.round(us)))
    this.#maxUs = Math.max(this.#maxUs, us)
  }

  percentiles(): Percentiles {
    const at = (percent: number) => Math.min(this.#times.percentile(percent), this.#maxUs) / 1_000
    return { count: this.#times.count, p50Ms: at(50), p99Ms: at(99), maxMs: this.#maxUs / 1_000 }
  }
}
