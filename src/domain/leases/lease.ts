import { z } from 'zod'
import { type Instant, later, type Moment, remainingMs, sinceMs, wallTimeOf } from './time.ts'

/** A time-limited exclusive right of one agent on one path: what callers know as a file lock. */
export interface Lease {
  readonly path: string
  readonly agentId: string
  /** The fencing token: larger than that of every lease before it, of any path. Below 2^53. */
  readonly token: number
  readonly purpose: string | null
  readonly ttlMs: number
  /** ISO 8601 UTC. */
  readonly acquiredAt: string
  readonly expiresAt: string
}

/** The lock that callers see: a lease under the names of the tools. */
export const lockSchema = z.strictObject({
  file_path: z.string().describe('As the lock is kept: absolute and normalised'),
  agent_id: z.string(),
  fencing_token: z.int().describe('Larger than that of every earlier lock; give it to verify'),
  acquired_at: z.string(),
  expires_at: z.string(),
  ttl_ms: z.int(),
  purpose: z.string().nullable(),
})

export type Lock = z.output<typeof lockSchema>

/** A lease as a store that judges time itself keeps it. */
export interface StoredLease extends Omit<Lease, 'expiresAt'> {
  /** Names the checkout that last granted or extended it: a retry of that one finds it done. */
  readonly requestToken: string
  readonly deadline: Instant
  /** True once its expiry was reported. */
  readonly ended: boolean
}

/** One path that one checkout waits for. */
export interface Waiter {
  readonly path: string
  readonly requestToken: string
  readonly agentId: string
  /** Place in every queue at once: the lower goes first. */
  readonly ticket: number
  readonly seen: Instant
}

/** What stands on one path. */
export interface PathState {
  readonly lease: Lease | null
  /** The last lease, where it ran out and no agent has taken the path since. */
  readonly former: Lease | null
  /** Agents in the queue. */
  readonly waiting: number
}

/** A change of the holder of a path. */
export interface LeaseChange {
  readonly type: 'lock.acquired' | 'lock.released' | 'lock.expired' | 'lock.forced'
  readonly lease: Lease
  /** The agent that did it; of an expired lease, its holder. */
  readonly agentId: string
  readonly reason?: string
}

/** A lease by what no other one has in common with it. */
export type LeaseName = Pick<Lease, 'path' | 'token'>

/** A change and its number, which grows for ever. */
export interface NumberedChange {
  readonly seq: number
  readonly change: LeaseChange
}

/** What a list of leases may be narrowed by. Paths come in the order of their text, after `afterPath`. */
export interface LeaseFilter {
  /** Beginning of the path. */
  readonly prefix: string | null
  readonly agentId: string | null
  readonly afterPath: string | null
  readonly limit: number
}

export const LEASE_LIMITS = {
  pathBytes: 4_096,
  paths: 100,
  purposeBytes: 500,
  reasonBytes: 500,
  minTtlMs: 100,
  maxTtlMs: 86_400_000,
  maxWaitMs: 3_600_000,
} as const

/**
 * A waiter that has not tried for so long is passed over: its process is frozen or gone. Ten times HEARTBEAT_MS, since on a busy
 * machine one that lives may not run for a second.
 */
export const SILENT_AFTER_MS = 3_000
/** It keeps its place for so long, should it only have been slow. */
const FORGOTTEN_AFTER_MS = 60_000
/** How often a waiter tries at least, to keep its place. */
export const HEARTBEAT_MS = 300

export function leaseRemainingMs(lease: StoredLease, now: Moment): number {
  return remainingMs(lease.deadline, now, lease.ttlMs)
}

export function isLive(lease: StoredLease, now: Moment): boolean {
  return leaseRemainingMs(lease, now) > 0
}

/** A clock set back must not make a dead waiter immortal: across boots a time to come is as good as none. */
export function isSilent(waiter: Waiter, now: Moment, silentAfterMs = SILENT_AFTER_MS): boolean {
  return Math.abs(sinceMs(waiter.seen, now)) > silentAfterMs
}

/** Whether it has lost its place as well. */
export function isForgotten(waiter: Waiter, now: Moment, silentAfterMs = SILENT_AFTER_MS): boolean {
  return isSilent(waiter, now, Math.max(silentAfterMs, FORGOTTEN_AFTER_MS))
}

/** The lease with its deadline on this boot's clock, from where no jump of the wall clock reaches it. */
export function adopted(lease: StoredLease, now: Moment): StoredLease {
  if (lease.deadline.bootId === now.bootId || !isLive(lease, now)) return lease
  return { ...lease, deadline: later(now, leaseRemainingMs(lease, now)) }
}

/** The lease without what only its store needs. */
export function shownLease(lease: StoredLease, now: Moment): Lease {
  const { path, agentId, token, purpose, ttlMs, acquiredAt } = lease
  const expiresAt = new Date(wallTimeOf(lease.deadline, now)).toISOString()
  return { path, agentId, token, purpose, ttlMs, acquiredAt, expiresAt }
}

export function lockOf({ path, agentId, token, acquiredAt, expiresAt, ttlMs, purpose }: Lease): Lock {
  return {
    file_path: path,
    agent_id: agentId,
    fencing_token: token,
    acquired_at: acquiredAt,
    expires_at: expiresAt,
    ttl_ms: ttlMs,
    purpose,
  }
}
