import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { AcquireOutcome, LeaseStore } from '../../../src/coordination/lease-store.ts'
import {
  type AcquireDecision,
  type AcquireRequest,
  decideAcquire,
} from '../../../src/domain/leases/decisions.ts'
import type { StoredLease, Waiter } from '../../../src/domain/leases/lease.ts'
import { later, type Moment } from '../../../src/domain/leases/time.ts'
import { openRedisWorld } from './world.ts'

// `acquire` of lease/acts.lua and decideAcquire are one rule written twice. Both are given the same histories, in which time stands still.

const NOW: Moment = { bootId: 'boot', monotonicMs: 1_000, wallMs: 1_000_000 }
const AGENTS = ['ann', 'bob', 'cid', 'dan']
const PATHS = ['/p', '/q', '/r', '/s']
const TTL_MS = 60_000
const RUNS = 100

const op = fc.record({
  agent: fc.constantFrom(...AGENTS),
  paths: fc.uniqueArray(fc.constantFrom(...PATHS), { minLength: 1, maxLength: 2 }),
  what: fc.constantFrom('wait', 'wait', 'wait', 'wait', 'try', 'release', 'leave'),
})

/** What both say of a checkout, in one form. */
interface Verdict {
  readonly kind: string
  readonly by?: string
  readonly fresh?: readonly string[]
  readonly cycle?: number
}

class Reference {
  readonly leases = new Map<string, StoredLease>()
  waiters: Waiter[] = []
  #ticket = 0

  acquire(request: AcquireRequest): Verdict {
    const { requestToken, agentId, paths, wait } = request
    const leases = [...paths, ...PATHS].flatMap((path) => this.leases.get(path) ?? [])
    const decision = decideAcquire({ leases: [...new Set(leases)], waiters: this.waiters }, request, NOW)
    const ticket = this.waiters.find((waiter) => waiter.requestToken === requestToken)?.ticket
    this.leave(requestToken)
    if (decision.kind === 'blocked' && wait) {
      const place = { requestToken, agentId, ticket: ticket ?? ++this.#ticket, seen: NOW }
      this.waiters.push(...decision.wanted.map((path) => ({ ...place, path })))
    }
    if (decision.kind === 'grant') for (const path of decision.fresh) this.#grant(path, request)
    return verdictOf(decision, wait)
  }

  leave(requestToken: string): void {
    this.waiters = this.waiters.filter((waiter) => waiter.requestToken !== requestToken)
  }

  #grant(path: string, { agentId, requestToken }: AcquireRequest): void {
    const rest = { purpose: null, ttlMs: TTL_MS, acquiredAt: '', ended: false }
    this.leases.set(path, { path, agentId, requestToken, token: 1, deadline: later(NOW, TTL_MS), ...rest })
  }
}

function verdictOf(decision: AcquireDecision, wait: boolean): Verdict {
  if (decision.kind === 'deadlock') return { kind: 'deadlock', cycle: decision.cycle.length }
  if (decision.kind === 'grant') return { kind: 'granted', fresh: decision.fresh.toSorted() }
  return { kind: wait ? 'queued' : 'held', by: decision.by.agentId }
}

function shown(outcome: AcquireOutcome, nameOf: (name: string) => string): Verdict {
  if (outcome.kind === 'deadlock') return { kind: outcome.kind, cycle: outcome.cycle.length }
  if (outcome.kind === 'granted') return { kind: outcome.kind, fresh: outcome.fresh.map(nameOf).sort() }
  return { kind: outcome.kind, by: nameOf(outcome.agentId) }
}

/** Runs one history on both. Every history has names of its own, so that they share one server. */
async function play(
  store: LeaseStore,
  run: number,
  ops: readonly (typeof op extends fc.Arbitrary<infer T> ? T : never)[],
) {
  const reference = new Reference()
  const pairs: [redis: Verdict, reference: Verdict][] = []
  const nameOf = (name: string) => name.replace(`${run}`, '')
  const queued = new Map<string, { requestToken: string; paths: readonly string[] }>()
  for (const [place, { agent, paths: wishes, what }] of ops.entries()) {
    const agentId = `${agent}${run}`
    const { requestToken, paths } = queued.get(agent) ?? { requestToken: `${run}-${place}`, paths: wishes }
    if (what === 'release') {
      for (const path of [...reference.leases.values()]
        .filter((lease) => lease.agentId === agent)
        .map(({ path }) => path)) {
        reference.leases.delete(path)
        await store.release({ agentId, paths: [`${path}${run}`], token: null })
      }
    } else if (what === 'leave') {
      reference.leave(requestToken)
      queued.delete(agent)
      await store.leave(requestToken)
    } else {
      const request = { requestToken, ttlMs: TTL_MS, purpose: null, wait: what === 'wait' }
      const said = reference.acquire({ ...request, agentId: agent, paths })
      const outcome = await store.acquire({
        ...request,
        agentId,
        paths: paths.map((path) => `${path}${run}`),
      })
      pairs.push([shown(outcome, nameOf), said])
      if (said.kind === 'queued') queued.set(agent, { requestToken, paths })
      else queued.delete(agent)
    }
  }
  return pairs
}

test('Redis grants, queues and refuses as the domain decides', async () => {
  // Time does not stand still for Redis.
  const world = await openRedisWorld({ silentAfterMs: 600_000 })
  const kinds = new Map<string, number>()
  let run = 0
  try {
    await fc.assert(
      fc.asyncProperty(fc.array(op, { minLength: 20, maxLength: 30 }), async (ops) => {
        for (const [redis, reference] of await play(world.a.store, ++run, ops)) {
          expect(redis).toEqual(reference)
          kinds.set(redis.kind, (kinds.get(redis.kind) ?? 0) + 1)
        }
      }),
      { numRuns: RUNS },
    )
  } finally {
    await world.close()
  }
  // Else nothing was compared.
  for (const kind of ['granted', 'queued', 'held', 'deadlock']) expect(kinds.get(kind)).toBeGreaterThan(10)
})
