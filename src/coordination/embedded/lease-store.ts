import type { AcquireRequest } from '../../domain/leases/decisions.ts'
import {
  isLive,
  isSilent,
  type Lease,
  type LeaseFilter,
  type PathState,
  SILENT_AFTER_MS,
  shownLease,
  type Waiter,
} from '../../domain/leases/lease.ts'
import type { Moment } from '../../domain/leases/time.ts'
import type {
  AcquireOutcome,
  Claim,
  ClaimOutcome,
  LeaseStore,
  QueuedRequest,
  WaitingFor,
} from '../lease-store.ts'
import { acquire } from './lease-acquire.ts'
import { forceRelease, type LeaseWrite, release, renew, reportEnd } from './lease-claims.ts'
import type { LeaseTables } from './lease-tables.ts'
import { LeaseWatch } from './lease-watch.ts'

/**
 * Leases as rows of the database that all processes on it share. Each call is one write transaction, so the database's write
 * lock is what makes it atomic; the clock is read inside, after that lock was got.
 */
export class EmbeddedLeaseStore implements LeaseStore {
  readonly backend: string
  readonly #tables: LeaseTables
  readonly #watch: LeaseWatch
  readonly #silentAfterMs: number

  /** `backend` names the database. */
  constructor(tables: LeaseTables, backend: string, silentAfterMs = SILENT_AFTER_MS) {
    this.backend = backend
    this.#tables = tables
    this.#watch = new LeaseWatch(tables, silentAfterMs)
    this.#silentAfterMs = silentAfterMs
  }

  acquire(request: AcquireRequest): Promise<AcquireOutcome> {
    return this.#write((write) => acquire(write, request))
  }

  renew(claim: Claim & { ttlMs: number | null }): Promise<ClaimOutcome> {
    return this.#write((write) => renew(write, claim))
  }

  release(claim: Claim): Promise<ClaimOutcome> {
    return this.#write((write) => release(write, claim))
  }

  forceRelease(request: { path: string; agentId: string; reason: string }): Promise<Lease | null> {
    return this.#write((write) => forceRelease(write, request))
  }

  leave(requestToken: string): Promise<void> {
    return this.#write(({ tx }) => tx.deleteWaiters([requestToken]))
  }

  async find(path: string): Promise<PathState> {
    const state = await this.#tables.read(async (queries) => {
      // The clock first: what a later renewal prolonged is not in this snapshot.
      const now = await queries.now()
      const [lease] = await queries.findLeases([path])
      return { lease, waiters: await queries.listWaiters(), now }
    })
    const { lease, now } = state
    const live = lease !== undefined && isLive(lease, now)
    if (lease && !live && !lease.ended) await this.#write((write) => reportEnd(write, path))
    const waiting = state.waiters.filter((waiter) => waiter.path === path && !this.#isSilent(waiter, now))
    return {
      lease: lease && live ? shownLease(lease, now) : null,
      former: lease && !live ? shownLease(lease, now) : null,
      waiting: new Set(waiting.map((waiter) => waiter.agentId)).size,
    }
  }

  async list(filter: LeaseFilter): Promise<Lease[]> {
    return this.#tables.read(async (queries) => {
      const now = await queries.now()
      const leases = await queries.listLeases(filter, now)
      return leases.map((lease) => shownLease(lease, now))
    })
  }

  count(): Promise<number> {
    return this.#tables.read(async (queries) => queries.countLeases(await queries.now()))
  }

  /** For so long (ms) nothing is granted, since instances with Redis may have granted some; 0 where it is. */
  refusesForMs(): Promise<number> {
    return this.#tables.read(async (queries) => {
      const { wallMs } = await queries.now()
      return Math.max(0, Math.ceil((await queries.grantedElsewhereUntil()) - wallMs))
    })
  }

  waits(): Promise<readonly WaitingFor[]> {
    return this.#tables.read(async (queries) => {
      const now = await queries.now()
      const waiters = await queries.listWaiters()
      return waiters
        .filter((waiter) => !this.#isSilent(waiter, now))
        .map(({ agentId, path }) => ({ agentId, path }))
    })
  }

  watch(request: QueuedRequest, wake: () => void): () => void {
    return this.#watch.add(request, wake)
  }

  /** Another process has committed: a waiter's turn may have come. */
  look(): void {
    this.#watch.look()
  }

  #isSilent(waiter: Waiter, now: Moment): boolean {
    return isSilent(waiter, now, this.#silentAfterMs)
  }

  /** The waiters of this process are served at once after a write: its own commits move no change token. */
  async #write<T>(fn: (write: LeaseWrite) => Promise<T>): Promise<T> {
    const result = await this.#tables.write(async (tx) =>
      fn({ tx, now: await tx.now(), silentAfterMs: this.#silentAfterMs }),
    )
    this.look()
    return result
  }
}
