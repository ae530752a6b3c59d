import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { LeaseStore } from '../../../src/coordination/lease-store.ts'
import type { AppError } from '../../../src/domain/errors.ts'
import { newId } from '../../../src/domain/ids.ts'
import { takeNumbers } from '../../../src/store/leases/counters.ts'
import { type RedisServer, withRedis } from '../../support/redis-server.ts'
import { refusal } from '../../support/refusal.ts'
import { leaseRequests } from '../../support/take.ts'
import { withProxy } from '../../support/tcp-proxy.ts'
import { whileClockStands } from '../../support/time.ts'
import { until } from '../../support/until.ts'
import { isConnected, openRedisWorld, type RedisWorld, untilNoticed } from './world.ts'

const P = '/work/p.ts'
const Q = '/work/q.ts'
const { take } = leaseRequests({ path: P })

type Body = (t: RedisWorld & { server: RedisServer; one: LeaseStore; two: LeaseStore }) => Promise<void>
const withWorld = (body: Body) => () =>
  withRedis({}, async (server) => {
    const world = await openRedisWorld({ url: server.url() })
    await body({ ...world, server, one: world.a.store, two: world.b.store }).finally(() => world.close())
  })

/** Of a call whose connection has fallen silent: where another one is there in time, it is done on that. */
async function doneOrUnavailable(call: Promise<unknown>): Promise<void> {
  await call.catch((error: unknown) => {
    expect(error).toMatchObject({ errorName: 'LOCK_STORE_UNAVAILABLE' })
  })
}

test('a release that arrives late does not end what its agent has asked for since', () =>
  withRedis({}, (server) =>
    withProxy(server.port, async (proxy) => {
      const world = await openRedisWorld({ url: `redis://127.0.0.1:${proxy.port}` })
      try {
        const { a } = world
        // Redis knows the script from then on.
        await take(a.store, 'ann')
        await a.store.release({ agentId: 'ann', paths: [P], token: null })
        await take(a.store, 'ann')
        const held = proxy.hold()
        const release = a.store.release({ agentId: 'ann', paths: [P], token: null })
        await doneOrUnavailable(release)
        // The old connection is given up and a new one made; the old one's words are still on their way.
        await until('the old connections are given up', () => held.areGivenUp)
        await until('one is connected', () => isConnected(a))
        const { token } = await take(a.store, 'ann')
        await held.letGo()
        expect(await a.store.find(P)).toMatchObject({ lease: { agentId: 'ann', token } })
        const again = { agentId: 'ann', paths: [P], token: null }
        expect(await a.store.release(again)).toMatchObject({ kind: 'done' })
      } finally {
        await world.close()
      }
    }),
  ))

test('nor what its agent has asked another instance for', () =>
  withRedis({}, (server) =>
    withProxy(server.port, async (proxy) => {
      const world = await openRedisWorld({ url: server.url() })
      try {
        const { store } = await world.open({ url: `redis://127.0.0.1:${proxy.port}` })
        const claim = { agentId: 'ann', paths: [P], token: null }
        await take(store, 'ann')
        await world.b.store.renew({ ...claim, ttlMs: null })
        expect(await store.release(claim)).toMatchObject({ kind: 'done' })
        await take(store, 'ann')
        const held = proxy.hold()
        await doneOrUnavailable(store.release(claim))
        const { token } = await take(world.b.store, 'ann')
        await until('the old connections are given up', () => held.areGivenUp)
        await held.letGo()
        expect(await world.b.store.find(P)).toMatchObject({ lease: { agentId: 'ann', token } })
        expect(await world.b.store.release(claim)).toMatchObject({ kind: 'done' })
      } finally {
        await world.close()
      }
    }),
  ))

test('a force that arrives late does not end what another agent was granted since', () =>
  withRedis({}, (server) =>
    withProxy(server.port, async (proxy) => {
      const world = await openRedisWorld({ url: server.url() })
      try {
        const { store } = await world.open({ url: `redis://127.0.0.1:${proxy.port}` })
        await take(world.b.store, 'ann')
        // Both know the script, and Redis' clock, from then on.
        const forced = { path: P, agentId: 'boss', reason: 'ann is gone' }
        expect(await store.forceRelease(forced)).toMatchObject({ agentId: 'ann' })
        await take(world.b.store, 'ann')
        const held = proxy.hold()
        await doneOrUnavailable(store.forceRelease(forced))
        await world.b.store.release({ agentId: 'ann', paths: [P], token: null })
        const { token } = await take(world.b.store, 'bob')
        await until('the old connections are given up', () => held.areGivenUp)
        await held.letGo()
        expect(await world.b.store.find(P)).toMatchObject({ lease: { agentId: 'bob', token } })
      } finally {
        await world.close()
      }
    }),
  ))

test('an instance that was cut off when a lock was ended by force does not put it back after a loss', () =>
  withRedis({}, (server) =>
    withProxy(server.port, async (proxy) => {
      const world = await openRedisWorld({ url: server.url() })
      try {
        const cutOff = await world.open({ url: `redis://127.0.0.1:${proxy.port}` })
        await take(cutOff.store, 'ann', P, { ttlMs: 600_000 })
        await take(cutOff.store, 'ann', Q, { ttlMs: 600_000 })
        const held = proxy.hold()
        const forced = { path: P, agentId: 'boss', reason: 'ann is gone' }
        expect(await world.b.store.forceRelease(forced)).toMatchObject({ agentId: 'ann' })
        await until('the old connections are given up', () => held.areGivenUp)
        await server.send('FLUSHALL')
        await held.letGo()
        const found = async () => (await world.b.store.find(Q).catch(() => undefined))?.lease
        await until('the other lock is back', found)
        expect(await world.b.store.find(P)).toMatchObject({ lease: null })
      } finally {
        await world.close()
      }
    }),
  ))

/** All that was granted ends then at the latest, as the database has it. */
function setLastExpiry({ database }: RedisWorld['a'], value: number): Promise<unknown> {
  return database.write(({ db }) =>
    db.updateTable('counter').set({ value }).where('name', '=', 'lease_expiry').execute(),
  )
}

async function unlessRecovering<T>(call: Promise<T>): Promise<T | null> {
  return call.catch((error: AppError) => {
    expect(error.errorName).toBe('LOCK_RECOVERING')
    return null
  })
}

type Loss = [what: string, lose: (server: RedisServer) => Promise<unknown>]
const LOSSES: Loss[] = [
  ['FLUSHALL', (server) => server.send('FLUSHALL')],
  [
    'a crash without a copy on disk',
    async (server) => {
      await server.stop()
      await server.resume()
    },
  ],
]
for (const [what, lose] of LOSSES) {
  test(
    `after ${what} holders keep their locks, no other agent is granted one in between, and tokens go on growing`,
    withWorld(async ({ server, a, b, one, two }) => {
      const lease = await take(one, 'ann', P, { ttlMs: 600_000 })
      // Without any call: the instance notices for itself, and puts back what it granted.
      await untilNoticed([a, b], () => lose(server))
      const cli = await server.probe()
      expect(await cli.keys('*lock:file:*')).toHaveLength(1)
      cli.close()
      expect((await two.find(P)).lease).toMatchObject({ agentId: 'ann', token: lease.token })
      const recovering = await refusal(take(two, 'bob', Q))
      expect(recovering.errorName).toBe('LOCK_RECOVERING')
      const retryMs = Number(recovering.details?.['retry_after_ms'])
      expect(retryMs).toBeGreaterThan(0)
      expect(retryMs).toBeLessThanOrEqual(600_000 + 2_000)
      expect(
        await two.renew({ agentId: 'ann', paths: [P], token: lease.token, ttlMs: 900_000 }),
      ).toMatchObject({ kind: 'done' })
      expect((await refusal(take(two, 'ann', Q))).errorName).toBe('LOCK_RECOVERING')
      // Perhaps it was given back, and only the instance that put it back has not heard of that.
      expect((await refusal(take(one, 'ann', P))).errorName).toBe('LOCK_RECOVERING')
      await setLastExpiry(a, Date.now() - 1)
      const other = await until('that time is over', () => unlessRecovering(take(two, 'bob', Q)))
      expect(other.token).toBeGreaterThan(lease.token)
      expect((await two.find(P)).lease).toMatchObject({ agentId: 'ann', token: lease.token })
      expect(await one.release({ agentId: 'ann', paths: [P], token: lease.token })).toMatchObject({
        kind: 'done',
      })
      expect((await take(one, 'cid')).token).toBeGreaterThan(lease.token)
    }),
  )
}

test(
  'a lock that was given back does not come back with an older copy of the memory',
  withWorld(async ({ server, a, b, one, two }) => {
    const lease = await take(one, 'ann')
    await take(one, 'ann', Q)
    await server.send('SAVE')
    const claim = { agentId: 'ann', paths: [P], token: lease.token }
    expect(await one.release(claim)).toMatchObject({ kind: 'done' })
    await untilNoticed([a, b], async () => {
      await server.stop()
      await server.resume()
    })
    expect(await two.find(P)).toMatchObject({ lease: null })
    expect(await one.renew({ ...claim, ttlMs: null })).toMatchObject({ kind: 'refused' })
    expect((await two.find(Q)).lease).toMatchObject({ agentId: 'ann' })
  }),
)

/** What was said of leases by now has arrived at the listener: what is said after it has. */
async function untilHeard(listener: LeaseStore, speaker: LeaseStore): Promise<void> {
  const path = '/work/last-word.ts'
  await take(speaker, 'sid', path)
  const request = { requestToken: newId(), agentId: 'lea', paths: [path] }
  await listener.acquire({ ...request, ttlMs: 600_000, purpose: null, wait: true })
  const word = Promise.withResolvers<void>()
  const stop = listener.watch(request, word.resolve)
  // By then the watcher has looked for itself, and found the path held.
  await listener.waits()
  await speaker.release({ agentId: 'sid', paths: [path], token: null })
  await word.promise
  stop()
  await listener.leave(request.requestToken)
}

test(
  'what another instance released or forced, or saw to be deleted by hand, does not come back',
  withWorld(async ({ server, a, b, one, two }) => {
    await take(one, 'ann', P)
    await take(one, 'bob', Q)
    await take(one, 'eve', '/work/deleted.ts')
    const hand = await server.probe()
    await hand.send('DEL', ...(await hand.keys('*lock:file:/work/deleted.ts')))
    hand.close()
    expect((await two.find('/work/deleted.ts')).lease).toBeNull()
    await two.forceRelease({ path: P, agentId: 'boss', reason: 'gone' })
    await two.release({ agentId: 'bob', paths: [Q], token: null })
    await take(two, 'cid', '/work/witness.ts')
    await untilHeard(one, two)
    await untilNoticed([a, b], () => server.send('FLUSHALL'))
    const cli = await server.probe()
    expect(await cli.keys('*lock:file:*')).toEqual([expect.stringContaining('/work/witness.ts')])
    cli.close()
  }),
)

test(
  'of two that claim a path after a loss the later token is right',
  withWorld(async ({ server, a, b, one, two }) => {
    const early = await take(one, 'ann')
    // As if the news of the release had been lost: the first instance believes in its lease still.
    await server.send('CLIENT', 'KILL', 'TYPE', 'pubsub')
    await two.forceRelease({ path: P, agentId: 'boss', reason: 'gone' })
    const late = await take(two, 'bob')
    await untilNoticed([a, b], () => server.send('FLUSHALL'))
    expect((await one.find(P)).lease).toMatchObject({ agentId: 'bob', token: late.token })
    expect(await one.renew({ agentId: 'ann', paths: [P], token: early.token, ttlMs: null })).toMatchObject({
      kind: 'refused',
    })
  }),
)

test(
  'a lock whose holder has died is free once it would have run out, and not before',
  withWorld(async ({ server, a, b, two }) => {
    const { expiresAt } = await take(a.store, 'ann', P, { ttlMs: 1_500 })
    await a.close()
    await untilNoticed([b], () => server.send('FLUSHALL'))
    await take(two, 'bob').catch(async ({ details }: AppError) => {
      await sleep(Number(details?.['retry_after_ms']))
      return take(two, 'bob')
    })
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(expiresAt))
  }),
)

test(
  'a deployment that held no lock waits for no lease: new, idle, or after its locks ran out long ago',
  withWorld(async ({ server, a, b, one }) => {
    await untilNoticed([a, b], () => server.send('FLUSHALL'))
    await take(one, 'ann', P, { ttlMs: 100 })
    await sleep(110)
    // Long ago, as the database has it.
    await setLastExpiry(a, Date.now() - 1)
    await untilNoticed([a, b], () => server.send('FLUSHALL'))
    await take(one, 'bob')
  }),
)

test(
  'scripts that Redis forgot are sent again',
  withWorld(async ({ server, one, two }) => {
    const lease = await take(one, 'ann')
    await server.send('SCRIPT', 'FLUSH')
    expect(await two.renew({ agentId: 'ann', paths: [P], token: lease.token, ttlMs: null })).toMatchObject({
      kind: 'done',
    })
    await server.send('SCRIPT', 'FLUSH')
    expect(await one.list({ prefix: null, agentId: null, afterPath: null, limit: 5 })).toHaveLength(1)
  }),
)

test(
  'without Redis nothing is granted; the reason is said, and with it everything goes on',
  withWorld(async ({ server, a, b, one, two }) => {
    const lease = await take(one, 'ann')
    await server.stop()
    await until('both are cut off', () => !isConnected(a) && !isConnected(b))
    const attempts = [
      take(two, 'bob', Q),
      one.renew({ agentId: 'ann', paths: [P], token: null, ttlMs: null }),
      one.release({ agentId: 'bob', paths: [P], token: null }),
      one.forceRelease({ path: Q, agentId: 'boss', reason: 'why' }),
      one.find(P),
      one.list({ prefix: null, agentId: null, afterPath: null, limit: 5 }),
      one.count(),
      one.leave('x'),
    ]
    const refusals = await Promise.all(attempts.map(refusal))
    expect(new Set(refusals.map((error) => error.errorName))).toEqual(new Set(['LOCK_STORE_UNAVAILABLE']))
    await until('the status says why', () => a.redis.status().error?.includes('ECONNREFUSED') === true)
    const { message, suggestion } = await refusal(take(one, 'cid'))
    expect(message).toContain(`connect ECONNREFUSED 127.0.0.1:${server.port}`)
    expect(suggestion).toContain('redis-cli ping')
    await server.resume()
    await until('both are connected', () => isConnected(a) && isConnected(b))
    expect((await two.find(P)).lease).toMatchObject({ token: lease.token })
  }),
)

test('a retry after a lost answer finds what was done, and it is reported once', () =>
  withRedis({}, (server) =>
    withProxy(server.port, async (proxy) => {
      const world = await openRedisWorld({ url: `redis://127.0.0.1:${proxy.port}`, maxRetries: 1_000 })
      try {
        const { store } = world.a
        // Each script has been sent once, so that the digest alone goes over the wire.
        await store.release({ agentId: 'ann', paths: [(await take(store, 'ann')).path], token: null })
        await take(store, 'ann', Q)
        await store.forceRelease({ path: Q, agentId: 'boss', reason: 'why' })
        const before = (await world.changes()).length

        // However long a new connection takes here, it is there in time.
        await whileClockStands(async () => {
          proxy.loseAnswerTo('"ann"')
          const lease = await take(store, 'ann')
          proxy.loseAnswerTo('"release"')
          expect(await store.release({ agentId: 'ann', paths: [P], token: lease.token })).toMatchObject({
            kind: 'done',
          })
          await take(store, 'bob')
          proxy.loseAnswerTo('lock:done:')
          expect(await store.forceRelease({ path: P, agentId: 'boss', reason: 'why' })).toMatchObject({
            agentId: 'bob',
          })
        })
        expect((await world.changes()).slice(before).map(({ type }) => type)).toEqual([
          'lock.acquired',
          'lock.released',
          'lock.acquired',
          'lock.forced',
        ])
      } finally {
        await world.close()
      }
    }),
  ))

test(
  'a frozen Redis is unavailable within the deadline, and comes back by itself',
  withWorld(async ({ server, a, b, one, two }) => {
    const lease = await take(one, 'ann')
    await server.stop('SIGSTOP')
    expect((await refusal(take(two, 'bob'))).errorName).toBe('LOCK_STORE_UNAVAILABLE')
    await until('both are cut off', () => !isConnected(a) && !isConnected(b))
    await server.stop('SIGCONT')
    await until('both are connected', () => isConnected(a) && isConnected(b))
    expect(await one.find(P)).toMatchObject({ lease: { token: lease.token } })
  }),
)

test(
  'tokens of the database itself, and of Redis after it, go on from one another',
  withWorld(async ({ server, a, b, one }) => {
    const first = await take(one, 'ann')
    const embedded = await a.database.write(({ db }) => takeNumbers(db, 'lease_token', 10))
    expect(embedded).toBeGreaterThan(first.token)
    await untilNoticed([a, b], () => server.send('FLUSHALL'))
    await setLastExpiry(a, 0)
    await untilNoticed([a, b], () => server.send('FLUSHALL'))
    await take(one, 'bob', Q)
    expect((await one.find(Q)).lease?.token).toBeGreaterThan(embedded + 10)
  }),
)
