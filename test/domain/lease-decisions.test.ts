import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type AcquireDecision, decideAcquire } from '../../src/domain/leases/decisions.ts'
import type { StoredLease, Waiter } from '../../src/domain/leases/lease.ts'
import { later, type Moment } from '../../src/domain/leases/time.ts'

const NOW: Moment = { bootId: 'boot', monotonicMs: 1_000, wallMs: 1_000_000 }
const AGENTS = ['ann', 'bob', 'cid', 'dan'] as const
const PATHS = ['/p', '/q', '/r', '/s'] as const

/** Agents that check out sets of files and keep all of them until they have nothing more to want; time stands still. */
class World {
  readonly leases = new Map<string, StoredLease>()
  waiters: Waiter[] = []
  /** What each waiting agent is waiting for. */
  readonly wants = new Map<string, readonly string[]>()
  #token = 0
  #ticket = 0

  attempt(agentId: string, paths: readonly string[]): AcquireDecision {
    const requestToken = `${agentId}'s`
    const request = { requestToken, agentId, paths, ttlMs: 1_000, purpose: null, wait: true }
    const state = { leases: [...this.leases.values()], waiters: this.waiters }
    const decision = decideAcquire(state, request, NOW)
    const ticket = this.waiters.find((waiter) => waiter.agentId === agentId)?.ticket ?? ++this.#ticket
    this.waiters = this.waiters.filter((waiter) => waiter.agentId !== agentId)
    this.wants.delete(agentId)
    if (decision.kind === 'blocked') {
      this.wants.set(agentId, paths)
      const places = decision.wanted.map((path) => ({ path, requestToken, agentId, ticket, seen: NOW }))
      this.waiters = [...this.waiters, ...places]
    }
    if (decision.kind === 'grant') for (const path of decision.fresh) this.#grant(agentId, path)
    return decision
  }

  release(agentId: string): void {
    for (const [path, lease] of this.leases) if (lease.agentId === agentId) this.leases.delete(path)
  }

  #grant(agentId: string, path: string): void {
    expect(this.leases.has(path)).toBe(false)
    const lease = {
      path,
      agentId,
      token: ++this.#token,
      purpose: null,
      ttlMs: 1_000,
      acquiredAt: '',
      requestToken: '',
    }
    this.leases.set(path, { ...lease, deadline: later(NOW, 1_000), ended: false })
  }
}

const step = fc.record({
  agent: fc.constantFrom(...AGENTS),
  paths: fc.uniqueArray(fc.constantFrom(...PATHS), { minLength: 1, maxLength: 3 }),
  releases: fc.nat(4).map((n) => n === 0),
})

test('any history: a path has one holder, and every waiter gets its turn without another one giving up', () => {
  let cycles = 0
  let waits = 0
  fc.assert(
    fc.property(fc.array(step, { minLength: 10, maxLength: 40 }), (steps) => {
      const world = new World()
      for (const { agent, paths, releases } of steps) {
        const waitsFor = world.wants.get(agent)
        if (!waitsFor && releases) world.release(agent)
        const decision = world.attempt(agent, waitsFor ?? paths)
        if (decision.kind === 'deadlock') {
          cycles++
          expectCycle(world, decision.cycle)
          world.release(agent)
        }
        if (decision.kind === 'blocked') waits++
      }
      serveAll(world)
    }),
    { numRuns: 1_500 },
  )
  // Else the property has looked at nothing.
  expect(cycles).toBeGreaterThan(100)
  expect(waits).toBeGreaterThan(1_000)
})

/** Those who wait for nothing release; the others try until all have had what they want. No cycle may be left. */
function serveAll(world: World): void {
  for (let rounds = 0; world.wants.size > 0; rounds++) {
    if (rounds > AGENTS.length * 2) throw new Error(`stuck: ${JSON.stringify([...world.wants])}`)
    for (const agent of AGENTS) if (!world.wants.has(agent)) world.release(agent)
    for (const [agent, paths] of [...world.wants])
      expect(world.attempt(agent, paths).kind).not.toBe('deadlock')
  }
}

function expectCycle(
  world: World,
  cycle: readonly { agentId: string; path: string; heldBy: string }[],
): void {
  for (const [index, wait] of cycle.entries()) {
    expect(world.leases.get(wait.path)?.agentId).toBe(wait.heldBy)
    expect(wait.heldBy).toBe(cycle[(index + 1) % cycle.length]?.agentId)
    const isWaiting = world.waiters.some((w) => w.agentId === wait.agentId && w.path === wait.path)
    expect(index === 0 || isWaiting).toBe(true)
  }
}

test('among those that nothing holds up, the first come is the first served', () => {
  const world = new World()
  world.attempt('ann', ['/p', '/q'])
  for (const [agent, paths] of [
    ['bob', ['/p']],
    ['cid', ['/p', '/q']],
    ['dan', ['/q']],
  ] as const) {
    expect(world.attempt(agent, paths).kind).toBe('blocked')
  }
  world.release('ann')
  expect(world.attempt('dan', ['/q'])).toMatchObject({ kind: 'blocked', by: { agentId: 'cid', lease: null } })
  expect(world.attempt('cid', ['/p', '/q'])).toMatchObject({
    kind: 'blocked',
    by: { agentId: 'bob', lease: null },
  })
  expect(world.attempt('bob', ['/p']).kind).toBe('grant')
  world.release('bob')
  expect(world.attempt('cid', ['/p', '/q']).kind).toBe('grant')
  world.release('cid')
  expect(world.attempt('dan', ['/q']).kind).toBe('grant')
})
