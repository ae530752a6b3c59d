import { cpSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openApp } from '../../../src/app.ts'
import { readConfig } from '../../../src/config.ts'
import { openTestApp, type TestApp, withApp } from '../../support/app.ts'
import { RedisServer } from '../../support/redis-server.ts'
import {
  checkout,
  enabled,
  expectConnected,
  expectTwoWork,
  health,
  keepLogQuiet,
  refusedCheckout,
  search,
  withConnected,
  withTwo,
} from './instances.ts'

// One Redis, one prefix, and more than one database.

const FILE = '/work/file.ts'
const SENTENCE = 'another database uses this Redis under the prefix "agentmem:"'
const SETTING = 'AGENT_MEMORY_REDIS_KEY_PREFIX'

keepLogQuiet()

let server: RedisServer
beforeAll(async () => {
  server = await RedisServer.start()
})
beforeEach(() => server.send('FLUSHALL'))
afterAll(() => server.close())

const at = (more = {}) => enabled({ AGENT_MEMORY_REDIS_URL: server.url(), ...more })
/** Where one database is to follow another. */
const atBriefly = () => at({ AGENT_MEMORY_REDIS_LOCK_TTL_MS: '1000' })

const add = (t: TestApp, content: string) =>
  t.call('memory_guideline', 'add', { name: 'n', content, scope_type: 'global' })

async function expectRefused(t: TestApp): Promise<void> {
  await expect.poll(async () => (await health(t)).redis.error).toBe(SENTENCE)
  const report = await health(t)
  expect(report).toMatchObject({ status: 'unhealthy', redis: { connected: false, error: SENTENCE } })
  expect(report.problems[0]).toContain(SETTING)
  const refusal = await refusedCheckout(t, 'bob', FILE)
  expect(refusal).toMatchObject({
    name: 'LOCK_STORE_UNAVAILABLE',
    suggestion: expect.stringContaining(SETTING),
  })
  expect(refusal.message).toContain(SENTENCE)
}

const withFolder = async (body: (folder: string) => Promise<void>) => {
  const folder = mkdtempSync(join(tmpdir(), 'agent-memory-copy-'))
  await body(folder).finally(() => rmSync(folder, { recursive: true, force: true }))
}

test('a second database does not use it, says so, and answers from itself', () =>
  withConnected(at(), (first) =>
    withApp({ env: at() }, async (second) => {
      await add(first, 'zebra here')
      await add(second, 'zebra there')
      await checkout(first, 'ann', FILE)
      await expectRefused(second)
      for (let n = 0; n < 2; n++) {
        expect((await search(first, 'zebra')).results).toMatchObject([{ content: 'zebra here' }])
        expect((await search(second, 'zebra')).results).toMatchObject([{ content: 'zebra there' }])
      }
      expect((await search(second, 'zebra')).served_from).toBe('l1')
      expect((await health(first)).status).toBe('healthy')
    }),
  ))

test('a start that requires Redis fails, and names the setting', () =>
  withConnected(at(), (first) =>
    withFolder(async (folder) => {
      const env = { ...at({ AGENT_MEMORY_REDIS_REQUIRED: 'true' }), AGENT_MEMORY_DATA_DIR: folder }
      await expect(openApp(readConfig(env))).rejects.toMatchObject({
        message: expect.stringContaining(SENTENCE),
        suggestion: expect.stringContaining(SETTING),
      })
      expect((await health(first)).status).toBe('healthy')
    }),
  ))

test('an emptied Redis stays with the database that lives on it', () =>
  withTwo(at(), (one, two) =>
    withApp({ env: at() }, async (foreign) => {
      for (let n = 0; n < 3; n++) {
        await server.send('FLUSHALL')
        await expect.poll(() => server.send('HEXISTS', 'agentmem:meta', 'database')).toBe(1)
        await expectConnected(one)
        await expectConnected(two)
        await expectRefused(foreign)
      }
    }),
  ))

test('a copy that runs beside its original is another database', () =>
  withConnected(at(), (original) =>
    withFolder(async (folder) => {
      await add(original, 'zebra')
      cpSync(join(original.dataDir, 'memory.db'), join(folder, 'memory.db'))
      const copy = await openTestApp({ env: at(), dataDir: folder })
      await expectRefused(copy)
      expect((await health(original)).status).toBe('healthy')
      await copy.close()
    }),
  ))

test('one that takes the place of its original is let in after a lease, and its tokens go on', () =>
  withFolder(async (folder) => {
    const original = await openTestApp({ env: atBriefly(), dataDir: join(folder, 'a') })
    const { fencing_token: before } = await checkout(original, 'ann', FILE)
    await original.close()
    renameSync(join(folder, 'a'), join(folder, 'b'))
    cpSync(join(folder, 'b'), join(folder, 'c'), { recursive: true })
    const moved = await openTestApp({ env: atBriefly(), dataDir: join(folder, 'c') })
    await expectConnected(moved)
    await expect.poll(async () => checkout(moved, 'ann', FILE).catch(() => null)).toBeTruthy()
    const { fencing_token: after } = await checkout(moved, 'ann', '/other.ts')
    expect(after).toBeGreaterThan(before)
    await moved.close()
  }))

test('an instance of another database gets none of its answers and changes', async () => {
  await withConnected(atBriefly(), async (first) => {
    await add(first, 'zebra here')
    await search(first, 'zebra')
    await checkout(first, 'ann', FILE)
  })
  await withApp({ env: atBriefly() }, async (second) => {
    await expectConnected(second)
    await add(second, 'zebra there')
    expect((await search(second, 'zebra')).results).toMatchObject([{ content: 'zebra there' }])
    const { events } = await second.call<{ events: { type: string }[] }>('memory_event', 'list')
    expect(events.map(({ type }) => type)).not.toContain('lock.acquired')
    expect((await health(second)).redis.connected).toBe(true)
  })
})

test('a name that a client wrote without an expiry keeps a database out for one lease', async () => {
  await server.send('HSET', 'agentmem:meta', 'database', 'x', 'epoch', '9007199254740991', 'server', 'x')
  await server.send('SET', 'agentmem:owner', 'x')
  await withApp({ env: atBriefly() }, async (t) => {
    await expectConnected(t)
    await checkout(t, 'ann', FILE)
  })
  await server.send('FLUSHALL')
  await expectTwoWork(atBriefly())
})
