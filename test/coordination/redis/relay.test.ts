import { expect, test, vi } from 'vitest'
import { RedisLink } from '../../../src/coordination/redis/connection/link.ts'
import { readVersions } from '../../../src/store/change-log.ts'
import { RedisProbe, sharedRedisUrl } from '../../support/redis.ts'
import { TcpProxy } from '../../support/tcp-proxy.ts'
import { openRedisWorld, type RedisInstance } from './world.ts'

/** Moves the keys by one each, in one transaction. */
function write({ database }: RedisInstance, keys: readonly string[]): Promise<void> {
  const scope = { type: 'global', id: 'global' } as const
  return database.write(async ({ record }) => {
    for (const key of keys) record({ type: 'vote.recorded', scope, scopeKeys: [key], agentId: 'test' })
  })
}

test('versions whose events were forgotten before an instance published them reach Redis all the same', async () => {
  const world = await openRedisWorld()
  const probe = await RedisProbe.connect()
  try {
    await write(world.a, ['forgotten'])
    await write(world.a, ['told'])
    await world.a.database.write(({ db }) => db.deleteFrom('change_log').where('id', '=', 1).execute())
    await world.open()
    const known = () => probe.send('HMGET', `${world.prefix}versions`, 'forgotten', 'told')
    await expect.poll(known, { interval: 5 }).toEqual(['~1', '~1'])
  } finally {
    probe.close()
    await world.close()
  }
})

test('an instance that started without Redis learns, once it is there, of all that was written since, however much', async () => {
  const url = new URL(sharedRedisUrl())
  const proxy = await TcpProxy.start(Number(url.port))
  proxy.isBlackHole = true
  url.port = String(proxy.port)
  const world = await openRedisWorld()
  try {
    const late = await world.open({ url: url.href, patienceMs: 10 })
    const load = async () => {
      const stamp = await late.database.snapshot((db) => readVersions(db, ['asked']))
      return { value: stamp.get('asked'), stamp, expiresAt: null }
    }
    const ask = async () => late.redis.cache.get({ key: 'q', dependencies: ['asked'], load })
    await write(world.a, ['asked'])
    expect(await ask()).toMatchObject({ value: 1, servedFrom: 'database' })
    await write(world.a, ['asked'])
    await write(
      world.a,
      Array.from({ length: 600 }, () => 'other'),
    )
    proxy.isBlackHole = false
    proxy.cut()
    await expect.poll(() => late.redis.isFeedFresh(), { interval: 5 }).toBe(true)
    expect((await ask()).value).toBe(2)
  } finally {
    await world.close()
    await proxy.close()
  }
})

test('an instance that cannot read the log for a second asks the database: a commit may be unpublished', async () => {
  const world = await openRedisWorld()
  const { a, b } = world
  const free = Promise.withResolvers<void>()
  try {
    const load = async () => {
      const stamp = await b.database.read((db) => readVersions(db, ['asked']))
      return { value: stamp.get('asked'), stamp, expiresAt: null }
    }
    const ask = () => b.redis.cache.get({ key: 'q', dependencies: ['asked'], load })
    await write(a, ['asked'])
    await expect.poll(ask, { interval: 5 }).toMatchObject({ value: 1, servedFrom: 'l1' })
    // The writer dies before it tells, and the other instance waits for the log.
    await a.redis.close()
    const look = b.database.snapshot.bind(b.database)
    vi.spyOn(b.database, 'snapshot').mockImplementation(async (fn) => {
      await free.promise
      return look(fn)
    })
    await write(a, ['asked'])
    await expect.poll(async () => (await ask()).value, { interval: 5 }).toBe(2)
    // The feed is alive: it is the log that cannot be read.
    await expect.poll(() => b.redis.isFeedFresh(), { interval: 5 }).toBe(true)
  } finally {
    vi.restoreAllMocks()
    free.resolve()
    await world.close()
  }
})

test('what an instance has published itself it does not publish again when it reads it in the log', async () => {
  const world = await openRedisWorld()
  const { a, b } = world
  const probe = await RedisProbe.connect()
  const free = Promise.withResolvers<void>()
  try {
    await b.redis.close()
    const told = vi.spyOn(RedisLink.prototype, 'run')
    const look = a.database.snapshot.bind(a.database)
    vi.spyOn(a.database, 'snapshot').mockImplementation(async (fn) => {
      await free.promise
      return look(fn)
    })
    const published: Promise<void>[] = []
    const stop = a.database.onCommit(({ events }) => void published.push(a.redis.publish(events)))
    for (let n = 0; n < 10; n++) await write(a, ['asked'])
    await Promise.all(published)
    stop()
    await write(a, ['asked'])
    free.resolve()
    const count = () => probe.send('ZCARD', `${world.prefix}published`)
    await expect.poll(count, { interval: 5 }).toBe(11)
    const sent = told.mock.calls.filter(([, [, , key]]) => key === `${world.prefix}published`)
    expect(sent.map(([, , args]) => Number(args()[2])).reduce((sum, events) => sum + events, 0)).toBe(11)
  } finally {
    vi.restoreAllMocks()
    free.resolve()
    probe.close()
    await world.close()
  }
})
