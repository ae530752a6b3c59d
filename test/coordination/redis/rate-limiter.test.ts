import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RateLimiter } from '../../../src/coordination/rate-limiter.ts'
import { rateLimiterContract } from '../../contract/rate-limiter.ts'
import { RedisProbe, removeKeys } from '../../support/redis.ts'
import { withRedis } from '../../support/redis-server.ts'
import { withProxy } from '../../support/tcp-proxy.ts'
import { whileTimeStands } from '../../support/time.ts'
import { until } from '../../support/until.ts'
import { openRedisWorld, type RedisWorld } from './world.ts'

describe('the contract of rate limiters, on Redis', () => {
  let world: RedisWorld
  beforeAll(async () => {
    world = await openRedisWorld()
  })
  afterAll(() => world.close())

  rateLimiterContract({
    isShared: true,
    patiently: whileTimeStands,
    async open(limits) {
      await removeKeys(`${world.prefix}rate:`)
      const [a, b] = [world.a.redis.rateLimiter(limits), world.b.redis.rateLimiter(limits)]
      return { a, b, close: async () => {} }
    },
  })
})

async function passed(limiter: RateLimiter, count: number): Promise<number> {
  let through = 0
  for (let n = 0; n < count; n++) if ((await limiter.take('ann')) === null) through++
  return through
}

test('one command a call, none for what this process made too many of; the keys go by themselves', async () => {
  const world = await openRedisWorld()
  const monitor = await RedisProbe.connect()
  const probe = await RedisProbe.connect()
  try {
    const limiter = world.a.redis.rateLimiter({ perAgent: 10, global: 1_000 })
    await limiter.take('ann')
    const seen: string[] = []
    await monitor.monitor((line) => seen.push(line))
    expect(await passed(limiter, 50)).toBe(9)
    await probe.send('ECHO', 'the end')
    await expect.poll(() => seen.join('\n')).toContain('the end')
    const ours = seen.filter((line) => line.includes(`${world.prefix}rate:`) && !line.includes(' lua]'))
    expect(ours).toHaveLength(9)
    expect(ours[0]).toMatch(/"evalsha"/i)
    const keys = await probe.keys(`${world.prefix}rate:*`)
    expect(keys).toEqual([`${world.prefix}rate:agent:ann`, `${world.prefix}rate:global`])
    for (const key of keys) {
      const ttlMs = await probe.send<number>('PTTL', key)
      expect(ttlMs).toBeGreaterThan(0)
      expect(ttlMs).toBeLessThanOrEqual(60_000)
    }
  } finally {
    monitor.close()
    probe.close()
    await world.close()
  }
})

test('while Redis is away each process counts for itself, without a wait; with it they count together again', () =>
  withRedis({}, async (server) => {
    const world = await openRedisWorld({ url: server.url() })
    try {
      const limits = { perAgent: 10, global: 0 }
      const [a, b] = [world.a.redis.rateLimiter(limits), world.b.redis.rateLimiter(limits)]
      expect(await passed(a, 4)).toBe(4)
      await server.stop()
      // Its own four are not forgotten.
      expect(await passed(a, 20)).toBe(6)
      expect(await passed(b, 20)).toBe(10)
      await server.resume()
      for (const { redis } of [world.a, world.b]) await until('Redis is back', () => redis.status().connected)
      const [c, d] = [world.a.redis.rateLimiter(limits), world.b.redis.rateLimiter(limits)]
      expect((await passed(c, 8)) + (await passed(d, 8))).toBe(10)
    } finally {
      await world.close()
    }
  }))

test('a Redis that swallows everything delays some calls a little, and then none', () =>
  withRedis({}, (server) =>
    withProxy(server.port, async (proxy) => {
      const world = await openRedisWorld({ url: `redis://127.0.0.1:${proxy.port}` })
      try {
        const limiter = world.a.redis.rateLimiter({ perAgent: 1_000_000, global: 0 })
        await limiter.take('ann')
        proxy.isBlackHole = true
        const started = performance.now()
        expect(await passed(limiter, 1_000)).toBe(1_000)
        // Not a tenth of a second for each.
        expect(performance.now() - started).toBeLessThan(90_000)
      } finally {
        await world.close()
      }
    }),
  ))

test('a key that a client has spoilt, or a clock that was set back, refuses no agent for long', async () => {
  const world = await openRedisWorld()
  const probe = await RedisProbe.connect()
  try {
    const limits = { perAgent: 10, global: 0, windowMs: 200 }
    for (const value of ['not a number', '99999999999999999']) {
      await probe.send('SET', `${world.prefix}rate:agent:ann`, value)
      const limiter = world.a.redis.rateLimiter(limits)
      const refusal = await limiter.take('ann')
      expect(refusal?.retryAfterMs ?? 0).toBeLessThanOrEqual(20)
    }
    await probe.send('DEL', `${world.prefix}rate:agent:ann`)
    await probe.send('HSET', `${world.prefix}rate:agent:ann`, 'a', 'b')
    expect(await passed(world.a.redis.rateLimiter(limits), 10)).toBe(10)
  } finally {
    probe.close()
    await world.close()
  }
})
