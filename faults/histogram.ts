const STEP = 1.03
const FROM_US = 10

export interface Percentiles {
  readonly count: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly maxMs: number
}

/** Times by how often, within 3 %, in bounded memory. */
export class Histogram {
  readonly #buckets = new Map<number, number>()
  #count = 0
  #maxUs = 0

  add(us: number): void {
    const bucket = us <= FROM_US ? 0 : Math.ceil(Math.log(us / FROM_US) / Math.log(STEP))
    this.#buckets.set(bucket, (this.#buckets.get(bucket) ?? 0) + 1)
    this.#count++
    this.#maxUs = Math.max(this.#maxUs, us)
  }

  percentiles(): Percentiles {
    return {
      count: this.#count,
      p50Ms: this.#at(0.5) / 1000,
      p99Ms: this.#at(0.99) / 1000,
      maxMs: this.#maxUs / 1000,
    }
  }

  /** Adds what another one has counted. */
  merge(other: Histogram): void {
    for (const [bucket, count] of other.#buckets)
      this.#buckets.set(bucket, (this.#buckets.get(bucket) ?? 0) + count)
    this.#count += other.#count
    this.#maxUs = Math.max(this.#maxUs, other.#maxUs)
  }

  #at(share: number): number {
    let left = this.#count * share
    for (const [bucket, count] of [...this.#buckets].sort(([a], [b]) => a - b)) {
      left -= count
      if (left <= 0) return bucket === 0 ? 0 : Math.min(FROM_US * STEP ** bucket, this.#maxUs)
    }
    return 0
  }
}
