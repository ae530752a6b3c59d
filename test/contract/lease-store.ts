import { expect, test } from 'vitest'
import type { AcquireOutcome, LeaseStore } from '../../src/coordination/lease-store.ts'
import { newId } from '../../src/domain/ids.ts'
import { type Lease, SILENT_AFTER_MS } from '../../src/domain/leases/lease.ts'
import { leaseRequests } from '../support/take.ts'

export interface LeaseInstance {
  readonly store: LeaseStore
  close(): Promise<void>
}

/** A change as it was reported, by whichever instance made it. */
export interface Reported {
  readonly type: string
  readonly path: string
  readonly token: number
  readonly agentId: string
}

export interface LeaseWorld {
  /** Two instances on the same leases, as two processes are. */
  readonly a: LeaseInstance
  readonly b: LeaseInstance
  /** One more, at any time. */
  open(): Promise<LeaseInstance>
  /** Lets this much time pass for the leases. */
  advance(ms: number): Promise<void>
  /** All changes so far, in order. */
  changes(): Promise<readonly Reported[]>
  close(): Promise<void>
}

export interface LeaseTimes {
  /** Of leases that a test waits out. Where their time is real, nothing between two waits may take half of it. */
  readonly shortMs: number
  /** After which a waiter counts as silent. */
  readonly silentMs: number
}

/** Of leases that no test waits out. */
const TTL = 60_000
const P = '/work/p.ts'
const Q = '/work/q.ts'
const R = '/work/r.ts'

const { ask, take } = leaseRequests({ path: P, ttlMs: TTL })

/** A request that can be tried as often as one likes. */
function queuer(store: LeaseStore, agentId: string, paths: readonly string[] = [P]) {
  const request = { requestToken: newId(), agentId, paths }
  return {
    request,
    attempt: (wait = true) => ask(store, agentId, paths, { requestToken: request.requestToken, wait }),
  }
}

function holderOf(outcome: AcquireOutcome): string | null {
  return outcome.kind === 'held' || outcome.kind === 'queued' ? outcome.agentId : null
}

const by = (lease: Lease, agentId = lease.agentId) => ({ agentId, paths: [lease.path], token: null })

/** What every lease store promises. */
export function leaseStoreContract(
  openWorld: () => Promise<LeaseWorld>,
  { shortMs, silentMs }: LeaseTimes = { shortMs: 400, silentMs: SILENT_AFTER_MS },
): void {
  const short = { ttlMs: shortMs }

  const withWorld =
    (body: (world: LeaseWorld & { one: LeaseStore; two: LeaseStore }) => Promise<void>) => async () => {
      const world = await openWorld()
      try {
        await body({ ...world, one: world.a.store, two: world.b.store })
      } finally {
        await world.close()
      }
    }

  test(
    'only one of two agents gets a path, and the other hears who has it',
    withWorld(async ({ one, two }) => {
      const lease = await take(one, 'ann', [P], { purpose: 'tidy up' })
      expect(lease).toMatchObject({ path: P, agentId: 'ann', purpose: 'tidy up', ttlMs: TTL })
      expect(Date.parse(lease.expiresAt) - Date.parse(lease.acquiredAt)).toBe(TTL)
      expect(await ask(two, 'bob')).toEqual({ kind: 'held', path: P, agentId: 'ann', lease })
      expect(await two.find(P)).toEqual({ lease, former: null, waiting: 0 })
      expect(await two.find(Q)).toEqual({ lease: null, former: null, waiting: 0 })
    }),
  )

  test(
    'of 50 acquirers at once one wins',
    withWorld(async ({ one, two }) => {
      const outcomes = await Promise.all(
        Array.from({ length: 50 }, (_, n) => ask(n % 2 ? one : two, `agent-${n}`)),
      )
      const winners = outcomes.filter((outcome) => outcome.kind === 'granted')
      expect(winners).toHaveLength(1)
      const winner = winners[0]?.leases[0]?.agentId
      expect(new Set(outcomes.map(holderOf))).toEqual(new Set([null, winner]))
    }),
  )

  test(
    'the same agent is one holder: again extends the lease and keeps its token, wherever it comes from',
    withWorld(async ({ one, two, advance }) => {
      const first = await take(one, 'ann', [P], { ...short, purpose: 'tidy up' })
      await advance(shortMs / 2)
      const again = await take(two, 'ann', [P], short)
      expect(again).toMatchObject({ token: first.token, acquiredAt: first.acquiredAt, purpose: 'tidy up' })
      expect(Date.parse(again.expiresAt)).toBeGreaterThan(Date.parse(first.expiresAt))
      await advance(shortMs / 2 + 50)
      expect((await ask(two, 'bob')).kind).toBe('held')
      expect(await one.release(by(first))).toMatchObject({ kind: 'done' })
      expect((await one.find(P)).lease).toBeNull()
    }),
  )

  test(
    'an extension never shortens a lease; a renewal sets it',
    withWorld(async ({ one }) => {
      const lease = await take(one, 'ann', [P], { ttlMs: 60_000 })
      expect(await take(one, 'ann', [P], { ttlMs: 100, purpose: 'new' })).toEqual({
        ...lease,
        purpose: 'new',
      })
      const renewed = await one.renew({ ...by(lease), ttlMs: 5_000 })
      expect(renewed).toMatchObject({ kind: 'done', leases: [{ token: lease.token, ttlMs: 5_000 }] })
      expect((await one.find(P)).lease?.ttlMs).toBe(5_000)
      expect(await one.renew({ ...by(lease), ttlMs: null })).toMatchObject({ leases: [{ ttlMs: 5_000 }] })
    }),
  )

  test(
    'a retry after a lost reply finds itself done',
    withWorld(async ({ one, two, changes, advance }) => {
      const requestToken = newId()
      const first = await take(one, 'ann', [P, Q], { requestToken })
      await advance(50)
      expect(await take(two, 'ann', [P, Q], { requestToken })).toEqual(first)
      expect((await changes()).map((change) => change.type)).toEqual(['lock.acquired', 'lock.acquired'])
    }),
  )

  test(
    'a token is larger than every one before it: after a release, an expiry, a force, a reopening',
    withWorld(async ({ one, two, advance, open, a, b }) => {
      const tokens: number[] = []
      const next = async (store: LeaseStore, agentId: string, path = P) => {
        const lease = await take(store, agentId, [path], short)
        tokens.push(lease.token)
        return lease
      }
      await one.release(by(await next(one, 'ann')))
      await next(two, 'ann')
      await next(one, 'bob', Q)
      await advance(shortMs + 1)
      await next(one, 'cid')
      await two.forceRelease({ path: P, agentId: 'boss', reason: 'test' })
      await next(two, 'cid')
      await a.close()
      await b.close()
      const later = await open()
      await advance(shortMs + 1)
      await next(later.store, 'ann')
      expect(tokens).toEqual([...new Set(tokens)].sort((x, y) => x - y))
      expect(tokens.every((token) => Number.isSafeInteger(token) && token > 0)).toBe(true)
    }),
  )

  test(
    'a lease ends by itself, and its former holder can do nothing with it any more',
    withWorld(async ({ one, two, advance }) => {
      const lease = await take(one, 'ann', [P], short)
      await advance(shortMs / 2)
      expect((await two.find(P)).lease).toEqual(lease)
      await advance(shortMs / 2 + 1)
      expect(await two.find(P)).toEqual({ lease: null, former: lease, waiting: 0 })
      const refusal = { kind: 'refused', path: P, reason: 'expired', lease }
      expect(await one.renew({ ...by(lease), ttlMs: TTL })).toEqual(refusal)
      expect(await one.release(by(lease))).toEqual(refusal)
      expect((await two.find(P)).lease).toBeNull()

      const next = await take(two, 'bob')
      const held = { kind: 'refused', path: P, reason: 'other_holder', lease: next }
      expect(await one.renew({ ...by(lease), ttlMs: TTL })).toEqual(held)
      expect(await one.release(by(lease))).toEqual(held)
      expect((await one.find(P)).lease).toEqual(next)
    }),
  )

  test(
    'a free path is neither renewed nor released',
    withWorld(async ({ one, two }) => {
      const lease = await take(one, 'ann')
      await one.release(by(lease))
      const refusal = { kind: 'refused', path: P, reason: 'not_found', lease: null }
      expect(await two.renew({ ...by(lease), ttlMs: TTL })).toEqual(refusal)
      expect(await two.release(by(lease))).toEqual(refusal)
      expect((await one.find(P)).lease).toBeNull()
    }),
  )

  test(
    'a token names one lease: an earlier one of the same agent is refused',
    withWorld(async ({ one, two, advance }) => {
      const first = await take(one, 'ann', [P], short)
      await advance(shortMs + 1)
      const second = await take(two, 'ann')
      const refusal = { kind: 'refused', path: P, reason: 'superseded', lease: second }
      expect(await one.release({ ...by(first), token: first.token })).toEqual(refusal)
      expect(await one.renew({ ...by(first), token: first.token, ttlMs: 60_000 })).toEqual(refusal)
      expect(await one.find(P)).toMatchObject({ lease: second })
      expect(await one.release({ ...by(second), token: second.token })).toMatchObject({ kind: 'done' })
    }),
  )

  test(
    'several paths: all or none, for every call',
    withWorld(async ({ one, two }) => {
      const held = await take(one, 'ann', [Q])
      expect(await ask(two, 'bob', [P, Q, R])).toMatchObject({ kind: 'held', path: Q, agentId: 'ann' })
      expect((await one.list({ prefix: null, agentId: null, afterPath: null, limit: 10 })).length).toBe(1)
      expect((await ask(one, 'cid', [P, R])).kind).toBe('granted')

      const claim = { agentId: 'cid', paths: [P, Q, R], token: null }
      expect(await two.release(claim)).toMatchObject({ kind: 'refused', path: Q, reason: 'other_holder' })
      expect(await two.renew({ ...claim, ttlMs: 60_000 })).toMatchObject({ kind: 'refused', path: Q })
      expect((await one.find(P)).lease?.ttlMs).toBe(TTL)
      await one.release(by(held))
      const all = await ask(two, 'cid', [R, Q, P])
      expect(all).toMatchObject({
        kind: 'granted',
        fresh: [Q],
        leases: [{ path: R }, { path: Q }, { path: P }],
      })
      expect(await one.release(claim)).toMatchObject({ kind: 'done' })
      expect(await one.count()).toBe(0)
    }),
  )

  test(
    'first come first served, and no other agent slips in',
    withWorld(async ({ one, two }) => {
      const lease = await take(one, 'ann')
      const bob = queuer(two, 'bob')
      const cid = queuer(one, 'cid')
      expect(await one.waits()).toEqual([])
      expect(await bob.attempt()).toMatchObject({ kind: 'queued', agentId: 'ann', lease })
      expect(await cid.attempt()).toMatchObject({ kind: 'queued', agentId: 'ann' })
      expect(await one.waits()).toEqual([
        { agentId: 'bob', path: P },
        { agentId: 'cid', path: P },
      ])
      expect((await two.find(P)).waiting).toBe(2)
      await one.release(by(lease))
      expect(await ask(one, 'dan')).toEqual({ kind: 'held', path: P, agentId: 'bob', lease: null })
      expect(await cid.attempt()).toMatchObject({ kind: 'queued', agentId: 'bob', lease: null })
      expect((await bob.attempt()).kind).toBe('granted')
      expect((await two.find(P)).waiting).toBe(1)
      await two.release({ agentId: 'bob', paths: [P], token: null })
      expect((await cid.attempt()).kind).toBe('granted')
    }),
  )

  test(
    'who waits for several paths keeps its place in all of them',
    withWorld(async ({ one, two }) => {
      await take(one, 'ann', [P])
      const bob = queuer(two, 'bob', [P, Q])
      const cid = queuer(one, 'cid', [Q, R])
      expect(await bob.attempt()).toMatchObject({ kind: 'queued', path: P, agentId: 'ann' })
      expect(await cid.attempt()).toMatchObject({ kind: 'queued', path: Q, agentId: 'bob', lease: null })
      await one.release({ agentId: 'ann', paths: [P], token: null })
      expect((await cid.attempt()).kind).toBe('queued')
      expect((await bob.attempt()).kind).toBe('granted')
      expect(await cid.attempt()).toMatchObject({ kind: 'queued', path: Q, agentId: 'bob' })
    }),
  )

  test(
    'a queue does not stop its own holder: an agent that waits for another never stands in its way',
    withWorld(async ({ one, two }) => {
      await take(one, 'ann', [P])
      const bob = queuer(two, 'bob', [P, Q])
      expect((await bob.attempt()).kind).toBe('queued')
      expect((await ask(one, 'ann', [P])).kind).toBe('granted')
      expect((await ask(one, 'ann', [Q], { wait: true })).kind).toBe('granted')
      await two.release({ agentId: 'ann', paths: [P, Q], token: null })
      expect((await bob.attempt()).kind).toBe('granted')
    }),
  )

  test(
    'a waiter that has been silent is passed over, and one that keeps trying is not',
    withWorld(async ({ one, two, advance }) => {
      const lease = await take(one, 'ann', [P], { ttlMs: 60_000 })
      const silent = queuer(two, 'bob')
      const steady = queuer(one, 'cid')
      await silent.attempt()
      await steady.attempt()
      for (let passed = 0; passed <= silentMs; passed += silentMs / 4) {
        await advance(silentMs / 4)
        await steady.attempt()
      }
      expect((await one.find(P)).waiting).toBe(1)
      await one.release(by(lease))
      expect((await ask(two, 'dan')).kind).toBe('held')
      expect((await steady.attempt()).kind).toBe('granted')
    }),
  )

  test(
    'a waiter that was passed over while it was silent finds its place again',
    withWorld(async ({ one, two, advance }) => {
      const lease = await take(one, 'ann', [P], { ttlMs: 60_000 })
      const slow = queuer(two, 'bob')
      await slow.attempt()
      await advance(silentMs + 1)
      const cid = queuer(one, 'cid')
      expect((await cid.attempt()).kind).toBe('queued')
      await one.release(by(lease))
      expect((await cid.attempt()).kind).toBe('granted')
      const dan = queuer(two, 'dan')
      expect((await dan.attempt()).kind).toBe('queued')
      expect((await slow.attempt()).kind).toBe('queued')
      await one.release({ agentId: 'cid', paths: [P], token: null })
      expect(await dan.attempt()).toMatchObject({ kind: 'queued', agentId: 'bob' })
      expect((await slow.attempt()).kind).toBe('granted')
    }),
  )

  test(
    'who waits behind a silent one is told when to try again',
    withWorld(async ({ one, two, advance }) => {
      const lease = await take(one, 'ann', [P], { ttlMs: 60_000 })
      await queuer(two, 'bob').attempt()
      await one.release(by(lease))
      const cid = queuer(one, 'cid')
      const outcome = await cid.attempt()
      if (outcome.kind !== 'queued') throw new Error(outcome.kind)
      expect(outcome.retryInMs).toBeLessThanOrEqual(silentMs + 1)
      await advance(outcome.retryInMs)
      expect((await cid.attempt()).kind).toBe('granted')
    }),
  )

  test(
    'leaving, a last try without waiting, and a grant give up the place',
    withWorld(async ({ one, two }) => {
      const lease = await take(one, 'ann')
      const bob = queuer(two, 'bob')
      const cid = queuer(one, 'cid')
      await bob.attempt()
      await cid.attempt()
      expect((await one.find(P)).waiting).toBe(2)
      await two.leave(bob.request.requestToken)
      expect((await one.find(P)).waiting).toBe(1)
      expect((await cid.attempt(false)).kind).toBe('held')
      expect((await one.find(P)).waiting).toBe(0)
      await one.release(by(lease))
      expect((await ask(two, 'dan')).kind).toBe('granted')
    }),
  )

  test(
    'an expiry is told to the waiter as the time to try again',
    withWorld(async ({ one, two, advance }) => {
      await take(one, 'ann', [P], short)
      const bob = queuer(two, 'bob')
      const outcome = await bob.attempt()
      if (outcome.kind !== 'queued') throw new Error(outcome.kind)
      expect(outcome.retryInMs).toBeGreaterThan(0)
      expect(outcome.retryInMs).toBeLessThanOrEqual(shortMs)
      await advance(outcome.retryInMs)
      expect((await bob.attempt()).kind).toBe('granted')
    }),
  )

  test(
    'two agents that would wait for each other: the one who closes the cycle is refused',
    withWorld(async ({ one, two }) => {
      await take(one, 'ann', [P])
      await take(two, 'bob', [Q])
      expect((await queuer(one, 'ann', [Q]).attempt()).kind).toBe('queued')
      const bob = queuer(two, 'bob', [P])
      expect(await bob.attempt()).toEqual({
        kind: 'deadlock',
        cycle: [
          { agentId: 'bob', path: P, heldBy: 'ann' },
          { agentId: 'ann', path: Q, heldBy: 'bob' },
        ],
      })
      expect((await one.find(P)).waiting).toBe(0)
      expect((await bob.attempt(false)).kind).toBe('held')
    }),
  )

  test(
    'a cycle of three is named in full, also through a wait for several paths',
    withWorld(async ({ one, two }) => {
      await take(one, 'ann', [P])
      await take(two, 'bob', [Q])
      await take(one, 'cid', [R])
      expect((await queuer(one, 'ann', ['/work/free.ts', Q]).attempt()).kind).toBe('queued')
      expect((await queuer(two, 'bob', [R]).attempt()).kind).toBe('queued')
      expect(await queuer(one, 'cid', [P]).attempt()).toEqual({
        kind: 'deadlock',
        cycle: [
          { agentId: 'cid', path: P, heldBy: 'ann' },
          { agentId: 'ann', path: Q, heldBy: 'bob' },
          { agentId: 'bob', path: R, heldBy: 'cid' },
        ],
      })
    }),
  )

  test(
    'a chain is no cycle, and one that was broken is forgotten',
    withWorld(async ({ one, two }) => {
      await take(one, 'ann', [P])
      await take(two, 'bob', [Q])
      const ann = queuer(one, 'ann', [Q])
      await ann.attempt()
      expect((await queuer(two, 'cid', [P]).attempt()).kind).toBe('queued')
      await one.leave(ann.request.requestToken)
      expect((await queuer(two, 'bob', [P]).attempt()).kind).toBe('queued')
    }),
  )

  test(
    'requests of one moment are each answered for themselves, one after the other',
    withWorld(async ({ one, two }) => {
      const long = { ttlMs: 60_000 }
      await take(two, 'ann', [P], long)
      const files = Array.from({ length: 100 }, (_, n) => `/work/many/${n}.ts`)
      const [held, late, own, ...grants] = await Promise.all([
        ask(one, 'bob', [P], long),
        one.release({ agentId: 'bob', paths: [Q], token: null }),
        ask(one, 'ann', [P], long),
        ...files.map((path) => ask(one, 'bob', [path], long)),
      ])
      expect(held).toMatchObject({ kind: 'held', agentId: 'ann', path: P })
      expect(late).toMatchObject({ kind: 'refused', reason: 'not_found' })
      expect(own).toMatchObject({ kind: 'granted', fresh: [], leases: [{ agentId: 'ann', path: P }] })
      expect(grants.map((grant) => grant.kind === 'granted' && grant.leases[0]?.path)).toEqual(files)
      const twice = await Promise.all(files.map((path) => ask(two, 'cid', [path], long)))
      expect(new Set(twice.map(holderOf))).toEqual(new Set(['bob']))
      const back = files.map((path) => one.release({ agentId: 'bob', paths: [path], token: null }))
      const after = await Promise.all([...back, ask(two, 'cid', [R], long)])
      expect(new Set(after.map(({ kind }) => kind))).toEqual(new Set(['done', 'granted']))
      expect(await one.count()).toBe(2)
    }),
  )

  test(
    'force ends a lease for its holder too, and says whose it was',
    withWorld(async ({ one, two }) => {
      const lease = await take(one, 'ann')
      expect(await two.forceRelease({ path: P, agentId: 'boss', reason: 'gone' })).toEqual(lease)
      expect(await two.forceRelease({ path: P, agentId: 'boss', reason: 'gone' })).toBeNull()
      expect(await one.renew({ ...by(lease), ttlMs: TTL })).toMatchObject({
        kind: 'refused',
        reason: 'not_found',
      })
      expect((await ask(two, 'bob')).kind).toBe('granted')
    }),
  )

  test(
    'each change is reported once, in order, whichever instance notices it',
    withWorld(async ({ one, two, advance, changes }) => {
      const ann = await take(one, 'ann')
      await take(one, 'ann')
      await one.renew({ ...by(ann), ttlMs: null })
      await one.release(by(ann))
      const bob = await take(two, 'bob', [P], short)
      await advance(shortMs + 1)
      await one.find(P)
      await two.find(P)
      await one.renew({ ...by(bob), ttlMs: null })
      const cid = await take(one, 'cid', [P], short)
      await advance(shortMs + 1)
      const dan = await take(two, 'dan')
      await one.forceRelease({ path: P, agentId: 'boss', reason: 'gone' })
      const row = (type: string, { token }: Lease, agentId: string) => ({
        type: `lock.${type}`,
        path: P,
        token,
        agentId,
      })
      expect(await changes()).toEqual([
        row('acquired', ann, 'ann'),
        row('released', ann, 'ann'),
        row('acquired', bob, 'bob'),
        row('expired', bob, 'bob'),
        row('acquired', cid, 'cid'),
        row('expired', cid, 'cid'),
        row('acquired', dan, 'dan'),
        row('forced', dan, 'boss'),
      ])
    }),
  )

  test(
    'lists live leases by path, by beginning, by agent and in pages',
    withWorld(async ({ one, two, advance }) => {
      await take(one, 'gone', ['/work/old.ts'], short)
      await advance(shortMs + 1)
      await ask(one, 'ann', ['/work/src/b.ts', '/work/src/a.ts', '/work/s%.ts'])
      await ask(two, 'bob', ['/work/src/c.ts', '/work/ünï.ts'])
      const list = async (filter: Partial<Parameters<LeaseStore['list']>[0]>) => {
        const leases = await two.list({ prefix: null, agentId: null, afterPath: null, limit: 10, ...filter })
        return leases.map((lease) => lease.path)
      }
      expect((await list({})).length).toBe(5)
      expect(await list({ prefix: '/work/src/' })).toEqual([
        '/work/src/a.ts',
        '/work/src/b.ts',
        '/work/src/c.ts',
      ])
      expect(await list({ prefix: '/work/s%' })).toEqual(['/work/s%.ts'])
      expect(await list({ prefix: '/work/ün' })).toEqual(['/work/ünï.ts'])
      expect(await list({ prefix: '/work/src/', agentId: 'bob' })).toEqual(['/work/src/c.ts'])
      expect(await list({ prefix: '/work/src/', limit: 1, afterPath: '/work/src/a.ts' })).toEqual([
        '/work/src/b.ts',
      ])
      expect(await one.count()).toBe(5)
    }),
  )

  test(
    'leases survive the instance that took them',
    withWorld(async ({ one, two, a, open }) => {
      const lease = await take(one, 'ann', [P], { ttlMs: 60_000 })
      await a.close()
      expect((await two.find(P)).lease).toEqual(lease)
      expect((await ask(two, 'bob')).kind).toBe('held')
      const again = await open()
      expect(await take(again.store, 'ann')).toMatchObject({ token: lease.token })
      expect(await again.store.release(by(lease))).toMatchObject({ kind: 'done' })
    }),
  )

  const frees: [string, (store: LeaseStore, lease: Lease) => Promise<unknown>][] = [
    ['a release', (store, lease) => store.release(by(lease))],
    ['a force', (store) => store.forceRelease({ path: P, agentId: 'boss', reason: 'gone' })],
  ]
  for (const [what, free] of frees) {
    for (const where of ['the same', 'the other']) {
      test(
        `${what} wakes the first waiter of ${where} instance`,
        withWorld(async ({ one, two }) => {
          const lease = await take(one, 'ann', [P], { ttlMs: 60_000 })
          const store = where === 'the same' ? one : two
          const first = queuer(store, 'bob')
          const second = queuer(store, 'cid')
          await first.attempt()
          await second.attempt()
          const woken = Promise.withResolvers<string>()
          const stops = [
            store.watch(second.request, () => woken.resolve('cid')),
            store.watch(first.request, () => woken.resolve('bob')),
          ]
          await free(one, lease)
          expect(await woken.promise).toBe('bob')
          for (const stop of stops) stop()
          expect((await first.attempt()).kind).toBe('granted')
        }),
      )
    }
  }

  test(
    'what was freed before it was watched wakes too, and so does the leaving of who was before',
    withWorld(async ({ one, two }) => {
      const lease = await take(one, 'ann', [P], { ttlMs: 60_000 })
      const bob = queuer(two, 'bob')
      const cid = queuer(two, 'cid')
      await bob.attempt()
      await cid.attempt()
      await one.release(by(lease))
      const wakeBob = Promise.withResolvers<void>()
      two.watch(bob.request, wakeBob.resolve)()
      const stopBob = two.watch(bob.request, wakeBob.resolve)
      await wakeBob.promise
      stopBob()
      const wakeCid = Promise.withResolvers<void>()
      const stopCid = two.watch(cid.request, wakeCid.resolve)
      await one.leave(bob.request.requestToken)
      await wakeCid.promise
      stopCid()
    }),
  )
}
