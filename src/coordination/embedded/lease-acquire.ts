import { AppError } from '../../domain/errors.ts'
import { type AcquireDecision, type AcquireRequest, decideAcquire } from '../../domain/leases/decisions.ts'
import { isForgotten, isLive, type StoredLease, shownLease, type Waiter } from '../../domain/leases/lease.ts'
import { later } from '../../domain/leases/time.ts'
import type { AcquireOutcome, Obstacle } from '../lease-store.ts'
import { findLeases, type LeaseWrite } from './lease-claims.ts'

type Decided<K extends AcquireDecision['kind']> = Extract<AcquireDecision, { kind: K }>

/** Grants all paths, or takes (or keeps) a place in their queues, or neither. */
export async function acquire(write: LeaseWrite, request: AcquireRequest): Promise<AcquireOutcome> {
  const { silentAfterMs } = write
  const waiters = await write.tx.listWaiters()
  const paths = new Set([...request.paths, ...waiters.map((waiter) => waiter.path)])
  const leases = await findLeases(write, [...paths])
  const decision = decideAcquire({ leases, waiters, silentAfterMs }, request, write.now)
  if (decision.kind === 'grant') {
    await forget(write, request, waiters)
    return grant(write, request, decision)
  }
  if (decision.kind === 'blocked' && request.wait) {
    await enqueue(write, { request, waiters, wanted: decision.wanted })
    return { kind: 'queued', ...obstacle(write, decision), retryInMs: decision.retryInMs }
  }
  await forget(write, request, waiters)
  if (decision.kind === 'blocked') return { kind: 'held', ...obstacle(write, decision) }
  return decision
}

function obstacle({ now }: LeaseWrite, { by }: Decided<'blocked'>): Obstacle {
  return { path: by.path, agentId: by.agentId, lease: by.lease && shownLease(by.lease, now) }
}

async function grant(
  write: LeaseWrite,
  request: AcquireRequest,
  { kept, fresh }: Decided<'grant'>,
): Promise<AcquireOutcome> {
  const { tx, now } = write
  const granted = await newLeases(write, request, fresh)
  const leases = new Map([...kept, ...granted].map((lease) => [lease.path, lease]))
  await tx.putLeases([...leases.values()])
  for (const lease of granted) {
    tx.record({ type: 'lock.acquired', lease: shownLease(lease, now), agentId: request.agentId })
  }
  const shown = request.paths.flatMap((path) => leases.get(path) ?? []).map((lease) => shownLease(lease, now))
  return { kind: 'granted', leases: shown, fresh }
}

async function newLeases(
  write: LeaseWrite,
  request: AcquireRequest,
  paths: readonly string[],
): Promise<StoredLease[]> {
  if (paths.length === 0) return []
  const { tx, now } = write
  await refuseSecondAuthority(write)
  const first = await tx.takeTokens(paths.length)
  if (first % CLEAN_EVERY < paths.length) await forgetOldLeases(write)
  const { agentId, purpose, ttlMs, requestToken } = request
  return paths.map((path, index) => ({
    path,
    agentId,
    token: first + index,
    purpose,
    ttlMs,
    acquiredAt: new Date(now.wallMs).toISOString(),
    requestToken,
    deadline: later(now, ttlMs),
    ended: false,
  }))
}

/** Of two places that grant leases neither knows what the other has given away. */
async function refuseSecondAuthority({ tx, now }: LeaseWrite): Promise<void> {
  const leftMs = (await tx.grantedElsewhereUntil()) - now.wallMs
  if (leftMs <= 0) return
  throw new AppError('LOCK_STORE_UNAVAILABLE', LOCKS_IN_REDIS, {
    details: { retry_after_ms: Math.ceil(leftMs) },
    suggestion: 'Give all instances the same AGENT_MEMORY_REDIS_ settings; or end the others, and try again.',
  })
}

async function enqueue(
  { tx, now }: LeaseWrite,
  {
    request,
    waiters,
    wanted,
  }: { request: AcquireRequest; waiters: readonly Waiter[]; wanted: readonly string[] },
): Promise<void> {
  const { requestToken, agentId } = request
  const place = waiters.find((waiter) => waiter.requestToken === requestToken)
  const ticket = place?.ticket ?? (await tx.takeTicket())
  await tx.putWaiters(wanted.map((path) => ({ path, requestToken, agentId, ticket, seen: now })))
}

/** Takes the request out of the queues, and with it those that no agent has tried for long. */
async function forget(
  { tx, now, silentAfterMs }: LeaseWrite,
  request: AcquireRequest,
  waiters: readonly Waiter[],
): Promise<void> {
  const gone = waiters.filter(
    (waiter) => waiter.requestToken === request.requestToken || isForgotten(waiter, now, silentAfterMs),
  )
  await tx.deleteWaiters([...new Set(gone.map((waiter) => waiter.requestToken))])
}

/** What is wrong while instances with Redis may hold leases. */
export const LOCKS_IN_REDIS =
  'Another instance on this database keeps the file locks in Redis, and this one has Redis switched off.'

/** One grant in so many clears away what is left of leases that ran out long ago. */
const CLEAN_EVERY = 256
const REMEMBERED_MS = 24 * 3_600_000
const CLEANED_AT_ONCE = 500

async function forgetOldLeases(write: LeaseWrite): Promise<void> {
  const { tx, now } = write
  const old = await tx.findOldLeases(now.wallMs - REMEMBERED_MS, CLEANED_AT_ONCE)
  const ended = (
    await findLeases(
      write,
      old.map((lease) => lease.path),
    )
  ).filter((lease) => !isLive(lease, now))
  await tx.deleteLeases(ended.map((lease) => lease.path))
}
