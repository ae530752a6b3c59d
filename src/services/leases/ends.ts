import type { LeaseStore } from '../../coordination/lease-store.ts'
import type { Clock } from '../../domain/clock.ts'
import type { Lease } from '../../domain/leases/lease.ts'

/** So that the store's clock has come as far. */
const MARGIN_MS = 20
/** Where a lease lives that is over by our clock, which Redis' may be behind. */
const PAUSE_MS = 1_000

/**
 * Looks at each lease of this process once more when its time is up: a store reports the end only when it is
 * asked. Otherwise no event would tell of a lock that ran out until the next agent asks for the file.
 */
export class LeaseEnds {
  readonly #store: LeaseStore
  readonly #clock: Clock
  /** Path → when to look, on the monotonic clock. */
  readonly #ends = new Map<string, number>()
  #timer: NodeJS.Timeout | undefined
  #timerAt = Number.POSITIVE_INFINITY

  constructor(store: LeaseStore, clock: Clock) {
    this.#store = store
    this.#clock = clock
  }

  /** These were granted or renewed just now. */
  expect(leases: readonly Lease[]): void {
    const now = this.#clock.monotonic()
    for (const { path, ttlMs } of leases) this.#put(path, now + ttlMs + MARGIN_MS)
  }

  forget(paths: readonly string[]): void {
    for (const path of paths) this.#ends.delete(path)
  }

  close(): void {
    this.#ends.clear()
    clearTimeout(this.#timer)
  }

  /** The timer is set anew only for what ends before: to wake for nothing is cheaper than that with each lease. */
  #put(path: string, end: number): void {
    this.#ends.set(path, end)
    if (end >= this.#timerAt) return
    clearTimeout(this.#timer)
    this.#timerAt = end
    this.#timer = setTimeout(() => void this.#look(), Math.max(1, end - this.#clock.monotonic())).unref()
  }

  async #look(): Promise<void> {
    this.#timerAt = Number.POSITIVE_INFINITY
    const now = this.#clock.monotonic()
    const due = [...this.#ends].filter(([, end]) => end <= now)
    this.forget(due.map(([path]) => path))
    for (const [path, end] of this.#ends) this.#put(path, end)
    for (const [path] of due) {
      // Where it cannot be looked at, the next agent that asks for the file reports it.
      const state = await this.#store.find(path).catch(() => undefined)
      if (state?.lease) this.#again(state.lease)
    }
  }

  /**
   * The lease was renewed, or taken by another agent, through another process; or only our clock is ahead.
   */
  #again({ path, expiresAt, ttlMs }: Lease): void {
    if (this.#ends.has(path)) return
    const leftMs = Date.parse(expiresAt) - this.#clock.now()
    const pauseMs = leftMs > 0 ? Math.min(leftMs, ttlMs) : PAUSE_MS
    this.#put(path, this.#clock.monotonic() + pauseMs + MARGIN_MS)
  }
}
