import { judgeClaim } from '../../domain/leases/decisions.ts'
import { adopted, isLive, type Lease, type StoredLease, shownLease } from '../../domain/leases/lease.ts'
import { later, type Moment } from '../../domain/leases/time.ts'
import type { Claim, ClaimOutcome } from '../lease-store.ts'
import type { LeaseTransaction } from './lease-tables.ts'

/** One write transaction and the time at which it has the database for itself. */
export interface LeaseWrite {
  readonly tx: LeaseTransaction
  readonly now: Moment
  readonly silentAfterMs: number
}

/** Lets the claimed leases run anew, or says why none was touched. */
export function renew(write: LeaseWrite, claim: Claim & { ttlMs: number | null }): Promise<ClaimOutcome> {
  return actOn(write, claim, async (leases) => {
    const renewed = leases.map((lease) => {
      const ttlMs = claim.ttlMs ?? lease.ttlMs
      return { ...lease, ttlMs, deadline: later(write.now, ttlMs) }
    })
    await write.tx.putLeases(renewed)
    return renewed
  })
}

/** Ends the claimed leases, or says why none was touched. */
export function release(write: LeaseWrite, claim: Claim): Promise<ClaimOutcome> {
  const { tx, now } = write
  return actOn(write, claim, async (leases) => {
    await tx.deleteLeases(claim.paths)
    for (const lease of leases) {
      tx.record({ type: 'lock.released', lease: shownLease(lease, now), agentId: claim.agentId })
    }
    return leases
  })
}

/** Ends the live lease on a path, whichever agent holds it. */
export async function forceRelease(
  write: LeaseWrite,
  { path, agentId, reason }: { path: string; agentId: string; reason: string },
): Promise<Lease | null> {
  const [stored] = await findLeases(write, [path])
  if (!stored || !isLive(stored, write.now)) return null
  const lease = shownLease(stored, write.now)
  await write.tx.deleteLeases([path])
  write.tx.record({ type: 'lock.forced', lease, agentId, reason })
  return lease
}

/** Reports that the lease on a path ran out, unless an agent holds the path again by now. */
export async function reportEnd(write: LeaseWrite, path: string): Promise<void> {
  await findLeases(write, [path])
}

/** The leases on these paths. Those found to have run out are reported and remembered as ended. */
export async function findLeases({ tx, now }: LeaseWrite, paths: readonly string[]): Promise<StoredLease[]> {
  const leases = await tx.findLeases(paths)
  const changed: StoredLease[] = []
  const kept = leases.map((lease) => {
    const next = isLive(lease, now) ? adopted(lease, now) : { ...lease, ended: true }
    if (next !== lease && !lease.ended) changed.push(next)
    return next
  })
  await tx.putLeases(changed)
  for (const lease of changed) {
    if (lease.ended)
      tx.record({ type: 'lock.expired', lease: shownLease(lease, now), agentId: lease.agentId })
  }
  return kept
}

async function actOn(
  write: LeaseWrite,
  claim: Claim,
  act: (leases: readonly StoredLease[]) => Promise<readonly StoredLease[]>,
): Promise<ClaimOutcome> {
  const { now } = write
  const found = new Map((await findLeases(write, claim.paths)).map((lease) => [lease.path, lease]))
  const leases: StoredLease[] = []
  for (const path of claim.paths) {
    const stored = found.get(path)
    const live = stored !== undefined && isLive(stored, now)
    const standing = judgeClaim({ lease: live ? stored : null, former: stored ?? null }, claim)
    if (stored && standing.kind === 'holder') leases.push(stored)
    else if (standing.kind !== 'holder') {
      return { kind: 'refused', path, reason: standing.kind, lease: stored ? shownLease(stored, now) : null }
    }
  }
  const done = await act(leases)
  return { kind: 'done', leases: done.map((lease) => shownLease(lease, now)) }
}
