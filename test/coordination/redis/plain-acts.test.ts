import { expect, test } from 'vitest'
import type { LeaseStore } from '../../../src/coordination/lease-store.ts'
import { type RedisServer, withRedis } from '../../support/redis-server.ts'
import { leaseRequests } from '../../support/take.ts'
import { withProxy } from '../../support/tcp-proxy.ts'
import { whileClockStands } from '../../support/time.ts'
import { openRedisWorld, type RedisWorld } from './world.ts'

const P = '/work/p.ts'
const Q = '/work/q.ts'
const { ask, take } = leaseRequests({ path: P })

type Body = (t: RedisWorld & { server: RedisServer; one: LeaseStore; two: LeaseStore }) => Promise<void>
const withWorld = (body: Body) => () =>
  withRedis({}, async (server) => {
    const world = await openRedisWorld({ url: server.url() })
    await body({ ...world, server, one: world.a.store, two: world.b.store }).finally(() => world.close())
  })

const release = (store: LeaseStore, agentId: string, ...paths: readonly string[]) =>
  store.release({ agentId, paths, token: null })

/** How often Redis was given that command, by a script or by itself. */
async function calls(server: RedisServer, command: string): Promise<number> {
  const stats = String(await server.send('INFO', 'commandstats'))
  return Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(stats)?.[1] ?? 0)
}

test(
  'free paths of one moment are granted and given back in a few commands, however many they are',
  withWorld(async ({ one, server, changes }) => {
    const paths = Array.from({ length: 60 }, (_, i) => `/work/${i}.ts`)
    const began = await calls(server, 'hincrby')
    const leases = await Promise.all(paths.map((path, i) => take(one, `agent${i}`, path)))
    const tokens = leases.map(({ token }) => token)
    expect(new Set(tokens).size).toBe(paths.length)
    expect(tokens).toEqual(tokens.toSorted((a, b) => a - b))
    const given = await Promise.all(paths.map((path, i) => release(one, `agent${i}`, path)))
    expect(given).toEqual(leases.map((lease) => ({ kind: 'done', leases: [lease] })))
    expect((await calls(server, 'hincrby')) - began).toBe(2)
    const told = await changes()
    expect(told.map(({ type }) => type)).toEqual([
      ...paths.map(() => 'lock.acquired'),
      ...paths.map(() => 'lock.released'),
    ])
    expect(told.slice(0, paths.length).map(({ token }) => token)).toEqual(tokens)
  }),
)

// Only the long way looks at what is left of a lock's time.
for (const [what, path, purpose] of [
  ['with no purpose', P, null],
  ['for a purpose with signs', '/work/ä ö/日本.ts', 'say "why" \\ / \n ✓'],
] as const) {
  test(
    `a lease ${what} is given back as it was granted, extended or renewed`,
    withWorld(async ({ one, server }) => {
      for (const change of ['none', 'extend', 'renew']) {
        const lease = await take(one, 'ann', path, { purpose })
        expect(lease).toMatchObject({ purpose, path })
        if (change === 'extend') await take(one, 'ann', path, { purpose, ttlMs: 700_000 })
        if (change === 'renew')
          await one.renew({ agentId: 'ann', paths: [path], token: lease.token, ttlMs: null })
        const text = await server.send<string>('GET', await lockKey(server))
        expect(JSON.parse(text)).toMatchObject({ agent_id: 'ann', fencing_token: String(lease.token) })
        const looks = await calls(server, 'pttl')
        expect(await release(one, 'ann', path)).toMatchObject({ kind: 'done', leases: [{ path, purpose }] })
        expect(await calls(server, 'pttl')).toBe(looks)
        expect(await one.find(path)).toMatchObject({ lease: null, former: null })
      }
    }),
  )
}

async function lockKey(server: RedisServer): Promise<string> {
  const [key = ''] = await server.send<string[]>('KEYS', '*lock:file:*')
  return key
}

test(
  'in one call each request gets its own answer, whatever stands in the way of the others',
  withWorld(async ({ one, two, server, changes }) => {
    const held = '/work/held.ts'
    await take(two, 'zoe', held)
    await take(one, 'ann', P)
    const [gaveBack, wasHeld, first, second, both, quoted] = await Promise.all([
      release(one, 'ann', P),
      ask(one, 'bob', held),
      ask(one, 'bob', Q),
      ask(one, 'cid', Q),
      ask(one, 'cid', ['/work/1.ts', '/work/2.ts']),
      ask(one, 'a "quoted" agent', '/work/"q".ts'),
    ])
    expect(gaveBack).toMatchObject({ kind: 'done', leases: [{ path: P }] })
    expect(wasHeld).toMatchObject({ kind: 'held', agentId: 'zoe' })
    expect(first).toMatchObject({ kind: 'granted', fresh: [Q] })
    expect(second).toMatchObject({ kind: 'held', agentId: 'bob' })
    expect(both).toMatchObject({ kind: 'granted', fresh: ['/work/1.ts', '/work/2.ts'] })
    expect(quoted).toMatchObject({ kind: 'granted', leases: [{ agentId: 'a "quoted" agent' }] })
    // What stands in Redis is the same in both places, and all of it is known to the other instance.
    const everything = { prefix: null, agentId: null, afterPath: null, limit: 10 }
    const listed = await two.list(everything)
    expect(listed.map(({ path }) => path)).toEqual(['/work/"q".ts', '/work/1.ts', '/work/2.ts', held, Q])
    for (const { path } of listed) {
      const [key = ''] = await server.send<string[]>('KEYS', `*lock:file:${path}`)
      const kept = await server.send('HGET', key.replace(`file:${path}`, 'leases'), path)
      expect(kept).toBe(await server.send('GET', key))
      expect(await server.send('PTTL', key)).toBeGreaterThan(0)
    }
    const tokens = (await changes()).filter(({ type }) => type === 'lock.acquired').map(({ token }) => token)
    expect(tokens).toEqual([...new Set(tokens)].toSorted((a, b) => a - b))
  }),
)

test(
  'a lock that another client has touched is looked at before it is given back',
  withWorld(async ({ one, server }) => {
    const lease = await take(one, 'ann')
    const key = await lockKey(server)
    await server.send('SET', key, `{"agent_id": "bob", "expires": ${Date.now() + 60_000}}`, 'PX', 60_000)
    expect(await release(one, 'ann', P)).toMatchObject({ kind: 'refused', reason: 'other_holder' })
    await server.send('DEL', key)
    const next = await take(one, 'cid')
    expect(next.token).toBeGreaterThan(lease.token)
    await server.send('DEL', key)
    expect(await release(one, 'cid', P)).toMatchObject({ kind: 'refused', reason: 'expired' })
  }),
)

test('where the answer to a call is lost, each of its requests is done once and gets its answer', () =>
  withRedis({}, (server) =>
    withProxy(server.port, async (proxy) => {
      const world = await openRedisWorld({ url: `redis://127.0.0.1:${proxy.port}`, maxRetries: 1_000 })
      try {
        const { store } = world.a
        await take(store, 'ann')
        await release(store, 'ann', P)
        await take(store, 'ann')
        const before = (await world.changes()).length
        await whileClockStands(async () => {
          proxy.loseAnswerTo('"release"')
          const [gaveBack, granted, held] = await Promise.all([
            release(store, 'ann', P),
            ask(store, 'bob', Q),
            ask(store, 'cid', Q),
          ])
          expect(gaveBack).toMatchObject({ kind: 'done', leases: [{ agentId: 'ann' }] })
          const { lease } = await store.find(Q)
          expect(granted).toEqual({ kind: 'granted', fresh: [Q], leases: [lease] })
          expect(held).toMatchObject({ kind: 'held', agentId: 'bob' })
        })
        expect((await world.changes()).slice(before).map(({ type }) => type)).toEqual([
          'lock.released',
          'lock.acquired',
        ])
      } finally {
        await world.close()
      }
    }),
  ))

test('a full Redis grants nothing and takes everything back, also in one call', () =>
  withRedis({ config: ['maxmemory 100mb', 'maxmemory-policy noeviction'] }, async (server) => {
    const world = await openRedisWorld({ url: server.url() })
    try {
      const { store } = world.a
      await Promise.all([take(store, 'ann'), take(store, 'bob', Q)])
      await server.send('CONFIG', 'SET', 'maxmemory', '1')
      const [back, refused] = await Promise.allSettled([
        release(store, 'ann', P),
        ask(store, 'cid', '/work/c.ts'),
      ])
      expect(back).toMatchObject({ value: { kind: 'done' } })
      expect(refused).toMatchObject({ reason: { errorName: 'LOCK_STORE_UNAVAILABLE' } })
      expect(await release(store, 'bob', Q)).toMatchObject({ kind: 'done' })
      await server.send('CONFIG', 'SET', 'maxmemory', '0')
      await take(store, 'cid', '/work/c.ts')
    } finally {
      await world.close()
    }
  }))
