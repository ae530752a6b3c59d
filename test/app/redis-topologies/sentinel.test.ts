import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestApp, withApp } from '../../support/app.ts'
import { freePort } from '../../support/free-port.ts'
import { MASTER_NAME, RedisSentinels } from '../../support/redis-sentinels.ts'
import type { RedisServer } from '../../support/redis-server.ts'
import { until } from '../../support/until.ts'
import {
  checkin,
  checkout,
  type Env,
  enabled,
  expectAway,
  expectConnected,
  expectTwoWork,
  expectWork,
  health,
  keepLogQuiet,
  nextDatabase,
  refusedCheckout,
  verify,
  withTwo,
} from './instances.ts'

let redis: RedisSentinels
beforeAll(async () => {
  redis = await RedisSentinels.start()
})
afterAll(() => redis.close())
keepLogQuiet()

const env = (more: Env = {}) =>
  enabled({
    AGENT_MEMORY_REDIS_SENTINELS: redis.addresses,
    AGENT_MEMORY_REDIS_SENTINEL_NAME: MASTER_NAME,
    AGENT_MEMORY_REDIS_KEY_PREFIX: `agentmem:${nextDatabase()}:`,
    ...more,
  })

const epochOf = (token: number) => Math.floor(token / 2 ** 32)

async function expectMoved(from: RedisServer, ...instances: readonly TestApp[]): Promise<void> {
  await expect.poll(async () => (await redis.master()).port).not.toBe(from.port)
  const { port } = await redis.master()
  for (const t of instances)
    await expect.poll(async () => (await health(t)).redis).toMatchObject({ connected: true, port })
}

/** Until the locks from before have run out no agent is granted one; then that time is over, as the database has it. */
async function graceOver(t: TestApp): Promise<void> {
  expect(await refusedCheckout(t, 'bob', '/new.ts')).toMatchObject({ name: 'LOCK_RECOVERING' })
  const file = new DatabaseSync(join(t.dataDir, 'memory.db'), { timeout: 60_000 })
  file.prepare("update counter set value = 0 where name = 'lease_expiry'").run()
  file.close()
  // This one is told of it.
  await refusedCheckout(t, 'bob', '/new.ts')
}

test('instances find the master, and say where it is', () =>
  withTwo(env({ AGENT_MEMORY_REDIS_DB: '3' }), async (a, b) => {
    const { port } = await redis.master()
    expect(await health(a)).toMatchObject({
      status: 'healthy',
      redis: { connected: true, mode: 'sentinel', host: '127.0.0.1', port },
    })
    await expectWork(a, b)
  }))

test('sentinels that are away are passed over', async () => {
  const dead = `127.0.0.1:${await freePort()}`
  const sentinels = `${dead},${redis.addresses}`
  await withApp({ env: env({ AGENT_MEMORY_REDIS_SENTINELS: sentinels }) }, expectConnected)
})

test('when the master dies, instances go over to the next one: no lock in between, none lost, tokens grow', () =>
  withTwo(env(), async (a, b) => {
    const before = await expectWork(a, b)
    const held = await checkout(a, 'ann', '/held.ts', { ttl_ms: 600_000 })
    const old = await redis.master()
    const replicated = await old.send<number>('WAIT', 2, 60_000)
    expect(replicated).toBe(2)
    await old.stop()
    const [refusals] = await Promise.all([refusalsUntil(b, 'LOCK_RECOVERING'), redis.untilReplaced(old)])
    // Until then no instance could name the holders.
    expect([...new Set(refusals.slice(0, -1))]).toEqual(['LOCK_STORE_UNAVAILABLE'])
    await expectMoved(old, a, b)
    // Its holder keeps it through the grace, and may go on working.
    expect(await verify(b, 'ann', '/held.ts', held.fencing_token)).toMatchObject({ valid: true })
    expect(await refusedCheckout(b, 'bob', '/held.ts')).toMatchObject({ name: 'FILE_LOCKED' })
    await graceOver(b)
    const after = await checkout(b, 'bob', '/new.ts')
    // One epoch began, not one for each instance.
    expect(epochOf(after.fencing_token)).toBe(epochOf(before) + 1)
    await checkin(b, 'bob', '/new.ts')
    expect(await expectWork(b, a)).toBeGreaterThan(after.fencing_token)
    expect(await health(a)).toMatchObject({ status: 'healthy', redis: { mode: 'sentinel' } })
    await old.resume()
  }))

async function refusalsUntil(t: TestApp, last: string): Promise<string[]> {
  const names: string[] = []
  await until(`a refusal with ${last}`, async () => {
    const { name } = await refusedCheckout(t, 'bob', '/new.ts')
    names.push(name)
    return name === last
  })
  return names
}

test('when the master is put down in favour of another, instances leave it although it lives', () =>
  withTwo(env(), async (a, b) => {
    const held = await checkout(a, 'ann', '/held.ts', { ttl_ms: 600_000 })
    const old = await redis.master()
    await redis.failOver()
    await expectMoved(old, a, b)
    expect(await old.send<string[]>('ROLE')).toContain('master')
    expect(await verify(b, 'ann', '/held.ts', held.fencing_token)).toMatchObject({ valid: true })
    expect(await refusedCheckout(b, 'bob', '/held.ts')).toMatchObject({ name: 'FILE_LOCKED' })
    expect(await refusedCheckout(b, 'bob', '/new.ts')).toMatchObject({ name: 'LOCK_RECOVERING' })
  }))

test('a master that freezes is left, and not gone back to when it wakes', () =>
  withTwo(env(), async (a, b) => {
    const before = await expectWork(a, b)
    const old = await redis.master()
    await old.stop('SIGSTOP')
    try {
      await redis.untilReplaced(old)
      await expectMoved(old, a, b)
      await old.stop('SIGCONT')
      await graceOver(a)
      expect(await expectWork(a, b)).toBeGreaterThan(before)
      await expectMoved(old, a, b)
    } finally {
      await old.stop('SIGCONT')
    }
  }))

test('sentinels and servers with a password get ours; a name that they do not know is said', async () => {
  const locked = await RedisSentinels.start({ replicas: 0, sentinels: 1, password: 'right' })
  const at = (more: Env) => env({ AGENT_MEMORY_REDIS_SENTINELS: locked.addresses, ...more })
  try {
    await expectTwoWork(at({ AGENT_MEMORY_REDIS_PASSWORD: 'right' }))
    const wrong: [Env, string, string][] = [
      [{}, 'NOAUTH Authentication required', 'AGENT_MEMORY_REDIS_PASSWORD'],
      [{ AGENT_MEMORY_REDIS_PASSWORD: 'guess' }, 'WRONGPASS', 'AGENT_MEMORY_REDIS_PASSWORD'],
      [
        { AGENT_MEMORY_REDIS_PASSWORD: 'right', AGENT_MEMORY_REDIS_SENTINEL_NAME: 'other' },
        'the sentinel knows no master named other',
        'AGENT_MEMORY_REDIS_SENTINEL_NAME',
      ],
    ]
    for (const [more, error, mend] of wrong) {
      await withApp({ env: at(more) }, async (t) => {
        const { redis: report, problems } = await expectAway(t, expect.stringContaining(error), mend)
        expect(report).toMatchObject({ mode: 'sentinel', port: locked.sentinels[0]?.port })
        expect(JSON.stringify(problems)).not.toContain('guess')
      })
    }
  } finally {
    await locked.close()
  }
})
