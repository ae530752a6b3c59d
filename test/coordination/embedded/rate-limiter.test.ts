import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { EmbeddedRateLimiter } from '../../../src/coordination/embedded/rate-limiter.ts'
import { systemClock } from '../../../src/domain/clock.ts'
import { rateLimiterContract } from '../../contract/rate-limiter.ts'

describe('the contract of rate limiters, in one process', () => {
  rateLimiterContract({
    isShared: false,
    open: async (limits) => ({
      a: new EmbeddedRateLimiter(limits, systemClock),
      b: new EmbeddedRateLimiter(limits, systemClock),
      close: async () => {},
    }),
  })
})

test('on average no more than the limit go through, however the calls come', async () => {
  let now = 0
  const limiter = new EmbeddedRateLimiter(
    { perAgent: 600, global: 0 },
    { now: () => now, monotonic: () => now },
  )
  let through = 0
  const minutes = 10
  for (; now < minutes * 60_000; now += 7) if ((await limiter.take('ann')) === null) through++
  // A quiet minute's calls may come in one go at the beginning.
  expect(through).toBeLessThanOrEqual(600 * (minutes + 1))
  expect(through).toBeGreaterThanOrEqual(600 * minutes)
})

function heapUsed(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  return process.memoryUsage().heapUsed
}

test('agents that are quiet are forgotten', async () => {
  let now = 1
  const limiter = new EmbeddedRateLimiter(
    { perAgent: 600, global: 0 },
    { now: () => now, monotonic: () => now },
  )
  const before = heapUsed()
  for (let n = 0; n < 200_000; n++) {
    if (n % 100 === 0) now += 100
    await limiter.take(`agent ${n} ${'x'.repeat(200)}`)
  }
  expect(heapUsed() - before).toBeLessThan(5e6)
  expect(await limiter.take('it is still there')).toBeNull()
})
