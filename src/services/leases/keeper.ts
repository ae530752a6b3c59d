import type { LeaseStore } from '../../coordination/lease-store.ts'
import type { Clock } from '../../domain/clock.ts'
import type { Lease } from '../../domain/leases/lease.ts'

interface Kept {
  readonly agentId: string
  readonly path: string
  readonly token: number
  ttlMs: number
  /** Monotonic clock. After this another agent may have the lease: it is given up, never renewed. */
  deadlineMs: number
  nextMs: number
}

/** Renews the leases that asked for it, each third of their time, for as long as this process lives. One timer for all. */
export class LeaseKeeper {
  readonly #store: LeaseStore
  readonly #clock: Clock
  readonly #kept = new Map<string, Kept>()
  #timer: NodeJS.Timeout | undefined

  constructor(store: LeaseStore, clock: Clock) {
    this.#store = store
    this.#clock = clock
  }

  /** `sentAtMs` is from before the lease was asked for, so that this side's deadline is never the later one. */
  keep(leases: readonly Lease[], sentAtMs: number): void {
    for (const { agentId, path, token, ttlMs } of leases) {
      const times = { ttlMs, deadlineMs: sentAtMs + ttlMs, nextMs: sentAtMs + ttlMs / 3 }
      this.#kept.set(keyOf(agentId, path), { agentId, path, token, ...times })
    }
    this.#schedule()
  }

  /** Tells of a renewal by hand, which may have changed the time. Leases that are not kept stay so. */
  refresh(leases: readonly Lease[], sentAtMs: number): void {
    const known = leases.filter(
      ({ agentId, path, token }) => this.#kept.get(keyOf(agentId, path))?.token === token,
    )
    this.keep(known, sentAtMs)
  }

  /** To be called before a release is sent. */
  drop(agentId: string, paths: readonly string[]): void {
    for (const path of paths) this.#kept.delete(keyOf(agentId, path))
    this.#schedule()
  }

  /** For a connection that has ended: its agent's leases run out by themselves. */
  dropAgent(agentId: string): void {
    const own = [...this.#kept.values()].filter((kept) => kept.agentId === agentId)
    this.drop(
      agentId,
      own.map((kept) => kept.path),
    )
  }

  close(): void {
    this.#kept.clear()
    this.#schedule()
  }

  #schedule(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#kept.size === 0) return
    const next = Math.min(...[...this.#kept.values()].map((kept) => kept.nextMs))
    this.#timer = setTimeout(() => void this.#renewDue(), Math.max(1, next - this.#clock.monotonic()))
    this.#timer.unref()
  }

  async #renewDue(): Promise<void> {
    const now = this.#clock.monotonic()
    for (const [key, kept] of this.#kept) {
      if (kept.nextMs > now) continue
      const isKept = await this.#renew(kept)
      if (!isKept && this.#kept.get(key) === kept) this.#kept.delete(key)
    }
    this.#schedule()
  }

  async #renew(kept: Kept): Promise<boolean> {
    const sentAtMs = this.#clock.monotonic()
    if (sentAtMs >= kept.deadlineMs) return false
    // Where this try fails the next one is soon, until the deadline has passed.
    kept.nextMs = sentAtMs + kept.ttlMs / 10
    const { agentId, path, token } = kept
    try {
      const outcome = await this.#store.renew({ agentId, paths: [path], token, ttlMs: null })
      const [lease] = outcome.kind === 'done' ? outcome.leases : []
      if (!lease) return false
      const { ttlMs } = lease
      Object.assign(kept, { ttlMs, deadlineMs: sentAtMs + ttlMs, nextMs: sentAtMs + ttlMs / 3 })
      return true
    } catch {
      return true
    }
  }
}

function keyOf(agentId: string, path: string): string {
  return JSON.stringify([agentId, path])
}
