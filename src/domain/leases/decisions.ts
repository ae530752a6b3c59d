import {
  isLive,
  isSilent,
  type Lease,
  leaseRemainingMs,
  SILENT_AFTER_MS,
  type StoredLease,
  type Waiter,
} from './lease.ts'
import { findCycle, inTheWay, type Wait } from './queue.ts'
import { later, type Moment, sinceMs } from './time.ts'

/** One checkout of one or several paths, all or none. */
export interface AcquireRequest {
  /** Names this checkout in all its tries. */
  readonly requestToken: string
  readonly agentId: string
  /** Different paths, at least one. */
  readonly paths: readonly string[]
  readonly ttlMs: number
  /** Null keeps what an extended lease says. */
  readonly purpose: string | null
  /** Take a place in the queue when it cannot be granted now. False also gives up a place taken before. */
  readonly wait: boolean
}

/**
 * The state on which a checkout is decided: the leases of its paths and of all paths with a waiter, and all
 * waiters.
 */
export interface LeaseState {
  readonly leases: readonly StoredLease[]
  readonly waiters: readonly Waiter[]
  /** SILENT_AFTER_MS unless given. */
  readonly silentAfterMs?: number
}

export type AcquireDecision =
  | {
      readonly kind: 'grant'
      /** Leases that the agent has, as they shall be now. */
      readonly kept: readonly StoredLease[]
      /** Paths that need a lease of a new token. */
      readonly fresh: readonly string[]
    }
  | {
      readonly kind: 'blocked'
      /** Those of the paths that the agent does not hold: its places in the queues. */
      readonly wanted: readonly string[]
      readonly by: Blocker
      /** After so long the answer may be another though nothing was released. */
      readonly retryInMs: number
    }
  | { readonly kind: 'deadlock'; readonly cycle: readonly Wait[] }

/** What a checkout waits for: the holder of a path, or a waiter before it in the queue of a free path. */
export interface Blocker {
  readonly path: string
  readonly agentId: string
  readonly lease: StoredLease | null
}

/** Whether the paths are the agent's now. First come first served; all of them or none. */
export function decideAcquire(state: LeaseState, request: AcquireRequest, now: Moment): AcquireDecision {
  const { silentAfterMs = SILENT_AFTER_MS } = state
  const live = state.leases.filter((lease) => isLive(lease, now))
  const waiters = state.waiters.filter((waiter) => !isSilent(waiter, now, silentAfterMs))
  const own = live.filter((lease) => lease.agentId === request.agentId && request.paths.includes(lease.path))
  const wanted = request.paths.filter((path) => !own.some((lease) => lease.path === path))
  const held = live.filter((lease) => wanted.includes(lease.path))
  const graph = { holders: new Map(live.map((lease) => [lease.path, lease.agentId])), waiters }
  const cycle = request.wait ? findCycle(graph, request.agentId, wanted) : null
  if (cycle) return { kind: 'deadlock', cycle }

  const ticket =
    state.waiters.find((waiter) => waiter.requestToken === request.requestToken)?.ticket ?? Infinity
  const before = inTheWay(graph, { agentId: request.agentId, paths: wanted, ticket })
  const by = firstBlocker(held, before)
  if (by) return { kind: 'blocked', wanted, by, retryInMs: retryInMs(held, before, { now, silentAfterMs }) }
  return { kind: 'grant', kept: own.map((lease) => extended(lease, request, now)), fresh: wanted }
}

function firstBlocker(held: readonly StoredLease[], before: readonly Waiter[]): Blocker | null {
  const [lease] = held
  if (lease) return { path: lease.path, agentId: lease.agentId, lease }
  const first = before.reduce<Waiter | null>((a, b) => (a && a.ticket < b.ticket ? a : b), null)
  return first && { path: first.path, agentId: first.agentId, lease: null }
}

function retryInMs(
  held: readonly StoredLease[],
  before: readonly Waiter[],
  { now, silentAfterMs }: { now: Moment; silentAfterMs: number },
): number {
  const expiries = held.map((lease) => leaseRemainingMs(lease, now))
  const silences = before.map((waiter) => silentAfterMs - sinceMs(waiter.seen, now) + 1)
  return Math.max(1, Math.min(...expiries, ...silences))
}

/** A checkout never shortens a lease, and its own retry changes nothing. */
function extended(lease: StoredLease, request: AcquireRequest, now: Moment): StoredLease {
  if (lease.requestToken === request.requestToken) return lease
  const { requestToken, ttlMs } = request
  const purpose = request.purpose ?? lease.purpose
  if (leaseRemainingMs(lease, now) >= ttlMs) return { ...lease, purpose, requestToken }
  return { ...lease, purpose, requestToken, ttlMs, deadline: later(now, ttlMs) }
}

/** What an agent may do with the lease on a path: everything, or nothing and why. */
export type ClaimVerdict =
  | { readonly kind: 'holder' }
  | { readonly kind: 'not_found' }
  | { readonly kind: 'expired' }
  /** The agent holds the path, but by a later lease than the one that `token` names. */
  | { readonly kind: 'superseded' }
  | { readonly kind: 'other_holder' }

/** Judges a claim to a path by its live lease and the memory of the last one. Without a token the agent's word is enough. */
export function judgeClaim(
  {
    lease,
    former,
  }: { lease: Pick<Lease, 'agentId' | 'token'> | null; former: Pick<Lease, 'agentId'> | null },
  claim: { agentId: string; token: number | null },
): ClaimVerdict {
  if (!lease) return { kind: former?.agentId === claim.agentId ? 'expired' : 'not_found' }
  if (lease.agentId !== claim.agentId) return { kind: 'other_holder' }
  if (claim.token !== null && claim.token !== lease.token) return { kind: 'superseded' }
  return { kind: 'holder' }
}
