import type { Clock } from '../../../domain/clock.ts'
import type { Claim } from '../../lease-store.ts'
import type { RawLease, RedisLease } from './scripts.ts'

interface Granted {
  readonly lease: RedisLease
  /** On both clocks of this machine: the monotonic one stops while the machine sleeps, the other one may be set. */
  readonly monotonicEnd: number
  readonly wallEnd: number
}

const SWEEP_FROM = 64

/** A lease to be put back, with what is left of it. */
export type Reassertion = RedisLease & { readonly path: string; readonly remaining_ms: number }

/** The live leases that this instance granted or renewed last: what it puts back when Redis has forgotten them. */
export class GrantedLeases {
  readonly #clock: Clock
  readonly #granted = new Map<string, Granted>()
  #sweepAt = SWEEP_FROM

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** `sentAtMs` (monotonic) is from before Redis was asked, so that this side's end is never the later one. */
  keep(leases: readonly RawLease[], { redisNow, sentAtMs }: { redisNow: number; sentAtMs: number }): void {
    const sentAgo = this.#clock.monotonic() - sentAtMs
    for (const { path, lease } of leases) {
      const left = lease.expires - redisNow - sentAgo
      const ends = { monotonicEnd: this.#clock.monotonic() + left, wallEnd: this.#clock.now() + left }
      this.#granted.set(path, { lease, ...ends })
    }
    if (this.#granted.size < this.#sweepAt) return
    this.#forgetEnded()
    this.#sweepAt = Math.max(SWEEP_FROM, this.#granted.size * 2)
  }

  /** All of these leases; none where one of them is not known, or is another than the claim says. */
  claimed({ agentId, paths, token }: Claim): RawLease[] {
    const leases = paths.flatMap((path) => {
      const lease = this.#granted.get(path)?.lease
      const isMeant = lease?.agent_id === agentId && (token === null || lease.fencing_token === String(token))
      return lease && isMeant ? { path, lease } : []
    })
    return leases.length === paths.length ? leases : []
  }

  /** Those of that agent, or of any. */
  drop(paths: readonly string[], agentId: string | null): void {
    for (const path of paths) {
      const holder = this.#granted.get(path)?.lease.agent_id
      if (agentId === null || holder === agentId) this.#granted.delete(path)
    }
  }

  /** Drops the lease unless a later one of the same path is kept. */
  dropUntil(path: string, token: number): void {
    if (Number(this.#granted.get(path)?.lease.fencing_token) <= token) this.#granted.delete(path)
  }

  reassertions(): Reassertion[] {
    this.#forgetEnded()
    return [...this.#granted].map(([path, granted]) => ({
      ...granted.lease,
      path,
      remaining_ms: Math.floor(this.#remaining(granted)),
    }))
  }

  #remaining({ monotonicEnd, wallEnd }: Granted): number {
    return Math.min(monotonicEnd - this.#clock.monotonic(), wallEnd - this.#clock.now())
  }

  #forgetEnded(): void {
    for (const [path, granted] of this.#granted) if (this.#remaining(granted) <= 0) this.#granted.delete(path)
  }
}
