import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { RateLimiter, RateLimits, RateRefusal } from '../../src/coordination/rate-limiter.ts'

export interface RateLimiters {
  readonly a: RateLimiter
  readonly b: RateLimiter
  close(): Promise<void>
}

export interface RateLimiterSetting {
  /** Two instances of one deployment, before any call. */
  open(limits: RateLimits): Promise<RateLimiters>
  /** Whether they count together. */
  readonly isShared: boolean
  /** Runs a test so that no limiter gives up what it asks. */
  readonly patiently?: (test: () => Promise<void>) => Promise<void>
}

/** Long enough that nothing comes free while a test fills it. */
const LONG_MS = 3_600_000

/** What every rate limiter promises. */
export function rateLimiterContract({
  open,
  isShared,
  patiently = (test) => test(),
}: RateLimiterSetting): void {
  const withLimits = (limits: RateLimits, body: (limiters: RateLimiters) => Promise<void>) => async () => {
    const limiters = await open(limits)
    await patiently(() => body(limiters)).finally(() => limiters.close())
  }
  const takeAll = async (limiter: RateLimiter, agentId: string, count: number) => {
    const answers = await Promise.all(Array.from({ length: count }, () => limiter.take(agentId)))
    return answers.filter((answer) => answer === null).length
  }

  test(
    'so many calls as the limit says go through, the next is refused with the time until there is room',
    withLimits({ perAgent: 5, global: 0, windowMs: LONG_MS }, async ({ a }) => {
      for (let n = 0; n < 5; n++) expect(await a.take('ann')).toBeNull()
      const refusal = await a.take('ann')
      expect(refusal).toMatchObject({ whose: 'agent', limit: 5, retryAfterMs: expect.any(Number) })
      expect(refusal?.retryAfterMs).toBeLessThanOrEqual(LONG_MS / 5)
      expect(refusal?.retryAfterMs).toBeGreaterThan(LONG_MS / 10)
    }),
  )

  test(
    'of many at once exactly so many go through',
    withLimits({ perAgent: 10, global: 0, windowMs: LONG_MS }, async ({ a }) => {
      expect(await takeAll(a, 'ann', 50)).toBe(10)
    }),
  )

  test(
    'after the time that was said one more goes through, however often it was tried in vain',
    withLimits({ perAgent: 4, global: 0, windowMs: 400 }, async ({ a, b }) => {
      expect(await takeAll(a, 'ann', 4)).toBe(4)
      // What the other instance tries in vain only the shared count knows.
      const other = isShared ? b : a
      let refusal: RateRefusal | null = null
      for (let n = 0; n < 20 || refusal === null; n++) refusal = await other.take('ann')
      // A timer counts from when its turn of the event loop began: it may be some milliseconds early.
      await sleep(refusal.retryAfterMs + 15)
      expect(await a.take('ann')).toBeNull()
      await sleep(410)
      expect(await takeAll(a, 'ann', 5)).toBeGreaterThanOrEqual(4)
    }),
  )

  test(
    'agents are counted apart, whatever they are called',
    withLimits({ perAgent: 1, global: 0, windowMs: LONG_MS }, async ({ a }) => {
      const names = [
        'ann',
        'Ann',
        'ann ',
        '__proto__',
        'constructor',
        'Ärger:*{}',
        'x'.repeat(256),
        '\u{1f600}',
      ]
      for (const name of names) expect(await a.take(name)).toBeNull()
      for (const name of names) expect(await a.take(name)).toMatchObject({ whose: 'agent' })
    }),
  )

  test(
    'all together are counted too; who is refused for itself costs the others nothing',
    withLimits({ perAgent: 3, global: 5, windowMs: LONG_MS }, async ({ a }) => {
      expect(await takeAll(a, 'ann', 20)).toBe(3)
      expect(await takeAll(a, 'bob', 2)).toBe(2)
      expect(await a.take('bob')).toMatchObject({ whose: 'global', limit: 5 })
      expect(await a.take('cid')).toMatchObject({ whose: 'global', limit: 5 })
      expect(await a.take('ann')).toMatchObject({ whose: 'agent', limit: 3 })
    }),
  )

  test(
    'a limit of 0 is none',
    withLimits({ perAgent: 0, global: 0 }, async ({ a }) => {
      expect(await takeAll(a, 'ann', 100)).toBe(100)
    }),
  )

  test(
    'limits that do not divide the window let exactly so many through',
    withLimits({ perAgent: 7, global: 0, windowMs: LONG_MS }, async ({ a }) => {
      expect(await takeAll(a, 'ann', 20)).toBe(7)
    }),
  )

  test(
    isShared ? 'instances count together' : 'each instance counts for itself',
    withLimits({ perAgent: 10, global: 12, windowMs: LONG_MS }, async ({ a, b }) => {
      const [one, two] = await Promise.all([takeAll(a, 'ann', 30), takeAll(b, 'ann', 30)])
      expect(one + two).toBe(isShared ? 10 : 20)
      expect(await takeAll(a, 'bob', 5)).toBe(2)
      expect(await takeAll(b, 'bob', 5)).toBe(isShared ? 0 : 2)
    }),
  )
}
