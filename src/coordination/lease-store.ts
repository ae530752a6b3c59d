import type { AcquireRequest } from '../domain/leases/decisions.ts'
import type { Lease, LeaseFilter, PathState } from '../domain/leases/lease.ts'
import type { Wait } from '../domain/leases/queue.ts'

export type AcquireOutcome =
  | {
      readonly kind: 'granted'
      /** In the order of the request's paths. */
      readonly leases: readonly Lease[]
      /** Those of the paths that the agent did not hold before. */
      readonly fresh: readonly string[]
    }
  /** Not granted, and nothing is waiting. */
  | ({ readonly kind: 'held' } & Obstacle)
  /** In the queue: try again (same request) when woken, after `retryInMs`, and at least each HEARTBEAT_MS. */
  | ({ readonly kind: 'queued'; readonly retryInMs: number } & Obstacle)
  | { readonly kind: 'deadlock'; readonly cycle: readonly Wait[] }

/** The first of what stands between an agent and its paths. */
export interface Obstacle {
  readonly path: string
  readonly agentId: string
  /** The holder's lease; null where the path is free and `agentId` is before the caller in its queue. */
  readonly lease: Lease | null
}

/** A checkout that has its place in the queue of each of these paths. */
export type QueuedRequest = Pick<AcquireRequest, 'requestToken' | 'agentId' | 'paths'>

/** Says that an agent has these paths. With a token, by that very lease. */
export interface Claim {
  readonly agentId: string
  readonly paths: readonly string[]
  /** Only with one path. */
  readonly token: number | null
}

export type ClaimOutcome =
  | { readonly kind: 'done'; readonly leases: readonly Lease[] }
  | {
      readonly kind: 'refused'
      readonly path: string
      readonly reason: 'not_found' | 'expired' | 'superseded' | 'other_holder'
      /** The lease on the path; its last lease where that has expired. */
      readonly lease: Lease | null
    }

/** One path that an agent waits for. */
export interface WaitingFor {
  readonly agentId: string
  readonly path: string
}

/** What is held. Whether a lease has run out is always judged by the store's own clock. */
export interface LeaseReader {
  find(path: string): Promise<PathState>
  /** Live leases by path. */
  list(filter: LeaseFilter): Promise<Lease[]>
  /** How many leases are live. */
  count(): Promise<number>
  /** Which agent waits for which path, in the order in which they came. */
  waits(): Promise<readonly WaitingFor[]>
}

/**
 * Exclusive, time-limited rights on paths, shared by all instances of one deployment.
 *
 * Promised: at most one agent has a live lease on a path; a token is larger than every token given before,
 * for ever, whatever restarted; all paths of a call or none; the waiter that came first goes first, but for
 * waiters that have been silent for SILENT_AFTER_MS, until they try again; a cycle of waiting agents is refused;
 * a lease ends by itself after its time, also when its holder, its instance or the machine is gone; each change
 * of holder is reported once, to the listener that the store was built with. An agent is one holder whatever it calls
 * from: acquiring what it has extends the lease and keeps its token, and the same request tried again finds
 * itself done.
 * Not promised: that a holder still has the file when it writes (ask with the token right before); that an
 * expiry is reported at once (an instance has to look); that a wake-up comes (it only saves time). When the
 * store cannot be reached every method throws, and nothing was granted.
 */
export interface LeaseStore extends LeaseReader {
  /** Names the place where leases are kept, for health. */
  readonly backend: string
  acquire(request: AcquireRequest): Promise<AcquireOutcome>
  /** Lets leases run so long from now (null: as long as they were given). Never re-creates one. */
  renew(claim: Claim & { ttlMs: number | null }): Promise<ClaimOutcome>
  release(claim: Claim): Promise<ClaimOutcome>
  /** Ends a lease, whichever agent holds it; null when there is none. */
  forceRelease(request: { path: string; agentId: string; reason: string }): Promise<Lease | null>
  /** Gives up the places of a request that will not be tried again. */
  leave(requestToken: string): Promise<void>
  /** Calls `wake` when a queued request may be granted: soon after a release, perhaps without cause. Answers how to stop. */
  watch(request: QueuedRequest, wake: () => void): () => void
}
