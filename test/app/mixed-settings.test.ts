import { expect, test } from 'vitest'
import { withApp } from '../support/app.ts'
import { withRedis } from '../support/redis-server.ts'

// Instances of one memory, some with Redis and some without, never hold the same file at once.

const LOCK = 'memory_file_lock'
const FILE = { file_path: '/work/a.ts', ttl_ms: 600_000 }
/** It has to run out, and a slow machine has to be refused before. */
const BRIEFLY = { ...FILE, ttl_ms: 5_000 }
const OFF = { AGENT_MEMORY_REDIS_ENABLED: 'false' }

test('an instance without Redis grants no lock while instances with Redis may hold one', () =>
  withRedis({}, async (redis) => {
    const on = { AGENT_MEMORY_REDIS_ENABLED: 'true', AGENT_MEMORY_REDIS_URL: redis.url() }
    await withApp({ env: on, agentId: 'ann' }, async (a) => {
      await withApp({ env: OFF, dataDir: a.dataDir, agentId: 'bob' }, async (b) => {
        const first = await a.call<{ fencing_token: number }>(LOCK, 'checkout', BRIEFLY)
        const refusal = await b.refused(LOCK, 'checkout', FILE)
        expect(refusal).toMatchObject({ name: 'LOCK_STORE_UNAVAILABLE' })
        expect(refusal.message).toContain('in Redis')
        expect(refusal.details?.['retry_after_ms']).toBeGreaterThan(0)
        const health = await b.call<{ problems: string[] }>('memory_health', null)
        expect(health).toMatchObject({ status: 'degraded', locks: { held: 0 } })
        expect(health.problems).toEqual([
          expect.stringMatching(
            /^locks: Locks are refused here for \d+ s.*in Redis.*the same AGENT_MEMORY_REDIS_ settings/,
          ),
        ])
        // It has run out, and nothing later was granted.
        const checkout = () => b.call<{ fencing_token: number }>(LOCK, 'checkout', FILE).catch(() => null)
        await expect.poll(checkout).toMatchObject({ locked: true })
        expect((await checkout())?.fencing_token).toBeGreaterThan(first.fencing_token)
        expect(await b.call('memory_health', null)).toMatchObject({ status: 'healthy', problems: [] })
      })
    })
  }))

test('and the other way round', () =>
  withRedis({}, async (redis) => {
    const on = { AGENT_MEMORY_REDIS_ENABLED: 'true', AGENT_MEMORY_REDIS_URL: redis.url() }
    await withApp({ env: OFF, agentId: 'bob' }, async (b) => {
      await withApp({ env: on, dataDir: b.dataDir, agentId: 'ann' }, async (a) => {
        await b.call(LOCK, 'checkout', FILE)
        const refusal = await a.refused(LOCK, 'checkout', FILE)
        expect(refusal).toMatchObject({ name: 'LOCK_STORE_UNAVAILABLE' })
        expect(refusal.message).toContain('in the database')
        const health = await a.call<{ problems: string[] }>('memory_health', null)
        expect(health).toMatchObject({ status: 'degraded' })
        expect(health.problems.join()).toContain('has Redis switched off')
        expect(await a.call(LOCK, 'status', FILE_ONLY)).toMatchObject({ locked: false })
        await b.call(LOCK, 'checkin', FILE_ONLY)
        expect(await a.call(LOCK, 'checkout', FILE)).toMatchObject({ locked: true })
        expect(await a.call('memory_health', null)).toMatchObject({ status: 'healthy', problems: [] })
      })
    })
  }))

test('of two key prefixes on one database the one that gets no locks says so in its health', () =>
  withRedis({}, async (redis) => {
    const on = (prefix: string) => ({
      AGENT_MEMORY_REDIS_ENABLED: 'true',
      AGENT_MEMORY_REDIS_URL: redis.url(),
      AGENT_MEMORY_REDIS_KEY_PREFIX: prefix,
    })
    await withApp({ env: on('one:'), agentId: 'ann' }, async (a) => {
      await a.call(LOCK, 'checkout', BRIEFLY)
      expect(await a.call('memory_health', null)).toMatchObject({ status: 'healthy' })
      await withApp({ env: on('two:'), dataDir: a.dataDir, agentId: 'bob' }, async () => {
        const health = await a.call<{ problems: string[] }>('memory_health', null)
        expect(health).toMatchObject({ status: 'degraded', redis: { connected: true } })
        expect(health.problems).toEqual([
          expect.stringMatching(
            /^locks: Locks are refused here: another Redis server, or key prefix, .*the key prefix too/,
          ),
        ])
        expect(await a.refused(LOCK, 'checkout', FILE)).toMatchObject({ name: 'LOCK_STORE_UNAVAILABLE' })
      })
    })
  }))

const FILE_ONLY = { file_path: FILE.file_path }
