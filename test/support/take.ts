import type { AcquireOutcome, LeaseStore } from '../../src/coordination/lease-store.ts'
import { newId } from '../../src/domain/ids.ts'
import type { AcquireRequest } from '../../src/domain/leases/decisions.ts'
import type { Lease } from '../../src/domain/leases/lease.ts'
import { within } from './until.ts'

/** No step of a test takes so long. */
const LONG_MS = 600_000

type Wishes = Partial<Omit<AcquireRequest, 'agentId' | 'paths'>>
type Ask<T> = (
  store: LeaseStore,
  agentId: string,
  paths?: string | readonly string[],
  wishes?: Wishes,
) => Promise<T>

/** Asks for leases as a test mostly does; what `take` asks for must be granted, and it gives the first. */
export function leaseRequests(usual: { readonly path?: string; readonly ttlMs?: number } = {}): {
  readonly ask: Ask<AcquireOutcome>
  readonly take: Ask<Lease>
} {
  const ask: Ask<AcquireOutcome> = (store, agentId, paths = usual.path ?? [], wishes = {}) =>
    within(
      `the answer to ${agentId}, who asked for ${paths}`,
      store.acquire({
        requestToken: newId(),
        agentId,
        paths: [paths].flat(),
        ttlMs: usual.ttlMs ?? LONG_MS,
        purpose: null,
        wait: false,
        ...wishes,
      }),
    )
  const take: Ask<Lease> = async (store, agentId, paths, wishes) => {
    const outcome = await ask(store, agentId, paths, wishes)
    if (outcome.kind === 'granted' && outcome.leases[0]) return outcome.leases[0]
    throw new Error(`${agentId} was to get ${paths ?? usual.path}: ${JSON.stringify(outcome)}`)
  }
  return { ask, take }
}
