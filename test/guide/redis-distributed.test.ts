import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { type TestApp, withApp } from '../support/app.ts'
import { freePort } from '../support/free-port.ts'
import { openClient, withFolder } from '../support/mcp.ts'
import type { RedisProbe } from '../support/redis.ts'
import { RedisServer, withRedis } from '../support/redis-server.ts'
import { withProxy } from '../support/tcp-proxy.ts'
import { whileClockStands } from '../support/time.ts'

// The user's guide to Redis, section by section, as it is written there. The server is this file's own: with the default
// prefix and channel.

const LOCK = 'memory_file_lock'
const SEARCH = 1
const FILE = '/path/to/file.ts'
type Env = Readonly<Record<string, string>>

let server: RedisServer
let cli: RedisProbe

beforeAll(async () => {
  server = await RedisServer.start()
  cli = await server.probe()
})
beforeEach(() => cli.send('FLUSHALL'))
afterAll(async () => {
  cli.close()
  await server.close()
})

const enabled = (more: Env = {}): Env => ({
  AGENT_MEMORY_REDIS_ENABLED: 'true',
  AGENT_MEMORY_REDIS_HOST: 'localhost',
  AGENT_MEMORY_REDIS_PORT: String(server.port),
  ...more,
})

const at = (url: string, more: Env = {}): Env => ({
  AGENT_MEMORY_REDIS_ENABLED: 'true',
  AGENT_MEMORY_REDIS_URL: url,
  ...more,
})

/** Two instances on one database. */
function withTwo(env: Env, body: (a: TestApp, b: TestApp) => Promise<void>): Promise<void> {
  return withApp({ env }, async (a) => {
    const b = await a.secondApp()
    for (const t of [a, b]) await expectConnected(t)
    await body(a, b)
  })
}

const health = (t: TestApp) => t.call<{ redis: Record<string, unknown> }>('memory_health', null)
const expectConnected = (t: TestApp) =>
  expect.poll(async () => (await health(t)).redis['connected']).toBe(true)
const checkout = (t: TestApp, agent_id: string, args = {}) =>
  t.call<{ fencing_token: number; expires_at: string }>(LOCK, 'checkout', {
    file_path: FILE,
    agent_id,
    ...args,
  })
const refused = (t: TestApp, agent_id: string, args = {}) =>
  t.refused(LOCK, 'checkout', { file_path: FILE, agent_id, wait_ms: 0, ...args })
const search = (t: TestApp) =>
  t.call<{ served_from: string; results: { content: string }[] }>('memory_query', 'search', {
    query: 'zebra',
  })

test('Quick Start: the server runs over the Redis that the environment names', () =>
  withFolder(async (dataDir) => {
    const client = await openClient(dataDir, { env: enabled() })
    try {
      const { structuredContent } = await client.callTool({ name: 'memory_health', arguments: {} })
      expect(structuredContent).toMatchObject({
        redis: { connected: true, host: 'localhost', port: server.port, enabled: true, mode: 'standalone' },
      })
    } finally {
      await client.close()
    }
  }))

describe('What Redis Provides', () => {
  test('Distributed Caching: what one instance asked the database, another one has from Redis', () =>
    withTwo(enabled(), async (a, b) => {
      await a.call('memory_guideline', 'add', { name: 'n', content: 'zebra' })
      expect((await search(a)).served_from).toBe('database')
      await expect.poll(() => cli.keys('agentmem:cache:q:*')).toHaveLength(SEARCH)
      expect(await search(b)).toMatchObject({ served_from: 'l2', results: [{ content: 'zebra' }] })
      await expect.poll(async () => (await search(b)).served_from).toBe('l1')
      expect((await search(a)).served_from).toBe('l1')
    }))

  test('Distributed Locking: a file that one instance locked is blocked for another', () =>
    withTwo(enabled(), async (a, b) => {
      await checkout(a, 'instance-a-agent')
      expect(await refused(b, 'instance-b-agent')).toMatchObject({
        name: 'FILE_LOCKED',
        details: { held_by: 'instance-a-agent' },
      })
    }))

  test('Event Broadcasting: an update on one instance ends the answers that another one keeps', () =>
    withTwo(enabled(), async (a, b) => {
      await a.call('memory_guideline', 'add', { name: 'n', content: 'zebra one' })
      await search(b)
      await expect.poll(async () => (await search(b)).served_from).toBe('l1')
      await a.call('memory_guideline', 'update', { name: 'n', content: 'zebra two' })
      await expect.poll(async () => (await search(b)).results[0]?.content).toBe('zebra two')
    }))
})

describe('Configuration', () => {
  test('AGENT_MEMORY_REDIS_ENABLED: without it nothing is sent to Redis', () =>
    withApp({ env: { ...enabled(), AGENT_MEMORY_REDIS_ENABLED: 'false' } }, async (t) => {
      await checkout(t, 'ann')
      expect(await health(t)).toMatchObject({ redis: { enabled: false, connected: false } })
      expect(await cli.keys('*')).toEqual([])
    }))

  test('AGENT_MEMORY_REDIS_URL overrides host and port', () =>
    withApp(
      { env: enabled({ AGENT_MEMORY_REDIS_PORT: '1', AGENT_MEMORY_REDIS_URL: server.url() }) },
      async (t) => {
        expect(await health(t)).toMatchObject({
          redis: { connected: true, host: '127.0.0.1', port: server.port },
        })
      },
    ))

  test('AGENT_MEMORY_REDIS_DB chooses the database number, and numbers keep apart', () =>
    withApp({ env: enabled({ AGENT_MEMORY_REDIS_DB: '3' }) }, (one) =>
      withApp({ env: at(server.url({ db: 4 })) }, async (two) => {
        await checkout(one, 'ann')
        await checkout(two, 'bob')
        const other = await server.probe()
        await other.send('SELECT', 3)
        expect(await other.keys('agentmem:lock:file:*')).toEqual([`agentmem:lock:file:${FILE}`])
        other.close()
        expect(await cli.keys('*')).toEqual([])
      }),
    ))

  test('AGENT_MEMORY_REDIS_CACHE_TTL_MS bounds the life of cached answers', async () => {
    const life = async (env: Env) => {
      await cli.send('FLUSHALL')
      await withApp({ env }, async (t) => {
        await expectConnected(t)
        await t.call('memory_guideline', 'add', { name: 'n', content: 'zebra' })
        await search(t)
        await expect.poll(() => cli.keys('agentmem:cache:q:*')).toHaveLength(SEARCH)
      })
      const [key = ''] = await cli.keys('agentmem:cache:q:*')
      return cli.send<number>('PTTL', key)
    }
    const hour = await life(enabled())
    expect(hour).toBeGreaterThan(3_500_000)
    expect(hour).toBeLessThanOrEqual(3_600_000)
    const half = await life(enabled({ AGENT_MEMORY_REDIS_CACHE_TTL_MS: '1800000' }))
    expect(half).toBeGreaterThan(1_700_000)
    expect(half).toBeLessThanOrEqual(1_800_000)
  })

  test('AGENT_MEMORY_REDIS_LOCK_RETRY_COUNT and _DELAY_MS: how long a checkout waits for its turn', () =>
    withApp({ env: enabled({ AGENT_MEMORY_REDIS_LOCK_RETRY_COUNT: '5' }) }, async (t) => {
      await checkout(t, 'ann')
      const { message } = await t.refused(LOCK, 'checkout', { file_path: FILE, agent_id: 'bob' })
      expect(message).toContain('waited 1000 ms')
      const quick = await t.secondApp({
        env: enabled({
          AGENT_MEMORY_REDIS_LOCK_RETRY_COUNT: '2',
          AGENT_MEMORY_REDIS_LOCK_RETRY_DELAY_MS: '30',
        }),
      })
      const second = await quick.refused(LOCK, 'checkout', { file_path: FILE, agent_id: 'bob' })
      expect(second.message).toContain('waited 60 ms')
      // A release in that time ends the wait.
      const waiting = t.call(LOCK, 'checkout', { file_path: FILE, agent_id: 'bob' })
      await quick.call(LOCK, 'checkin', { file_path: FILE, agent_id: 'ann' })
      expect(await waiting).toMatchObject({ locked: true, agent_id: 'bob' })
    }))

  test('AGENT_MEMORY_REDIS_CONNECT_TIMEOUT_MS: how long a connection may take', () =>
    withProxy(server.port, async (proxy) => {
      proxy.isBlackHole = true
      const env = enabled({
        AGENT_MEMORY_REDIS_PORT: String(proxy.port),
        AGENT_MEMORY_REDIS_CONNECT_TIMEOUT_MS: '10000',
      })
      await withApp({ env }, async (t) => {
        // What was sent meanwhile is lost: this connection comes to nothing.
        proxy.isBlackHole = false
        await expect.poll(async () => (await health(t)).redis['connected']).toBe(true)
      })
    }))

  test('AGENT_MEMORY_REDIS_MAX_RETRIES: a command whose connection breaks is sent again', () =>
    withProxy(server.port, async (proxy) => {
      const env = enabled({ AGENT_MEMORY_REDIS_PORT: String(proxy.port) })
      await withApp({ env: { ...env, AGENT_MEMORY_REDIS_MAX_RETRIES: '100' } }, async (t) => {
        await expectConnected(t)
        proxy.loseAnswerTo('"ann"')
        expect(await whileClockStands(() => checkout(t, 'ann'))).toMatchObject({ locked: true })
      })
      await cli.send('FLUSHALL')
      await withApp({ env: { ...env, AGENT_MEMORY_REDIS_MAX_RETRIES: '0' } }, async (t) => {
        await expectConnected(t)
        proxy.loseAnswerTo('"bob"')
        expect(await refused(t, 'bob', { file_path: '/other.ts' })).toMatchObject({
          name: 'LOCK_STORE_UNAVAILABLE',
        })
      })
    }))
})

describe('Distributed Locking', () => {
  test('the lock is stored with automatic expiration: key, value and TTL', () =>
    withApp({ env: enabled() }, async (t) => {
      const before = Date.now()
      await checkout(t, 'instance-a-agent')
      expect(await cli.keys('agentmem:lock:file:*')).toEqual(['agentmem:lock:file:/path/to/file.ts'])
      const value = await cli.send<string>('GET', 'agentmem:lock:file:/path/to/file.ts')
      expect(value).toMatch(/^\{"agent_id": "instance-a-agent", "expires": \d{13}[,}]/)
      expect((JSON.parse(value) as { expires: number }).expires).toBeGreaterThanOrEqual(before + 30_000)
      const ttl = await cli.send<number>('TTL', 'agentmem:lock:file:/path/to/file.ts')
      expect(ttl).toBeGreaterThan(20)
      expect(ttl).toBeLessThanOrEqual(30)
    }))

  test('Lock Configuration: it expires after AGENT_MEMORY_REDIS_LOCK_TTL_MS if not released', () =>
    withTwo(enabled({ AGENT_MEMORY_REDIS_LOCK_TTL_MS: '300' }), async (a, b) => {
      const first = await checkout(a, 'ann')
      const second = await checkout(b, 'bob', { wait_ms: 600_000 })
      expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(first.expires_at))
      expect(second.fencing_token).toBeGreaterThan(first.fencing_token)
    }))
})

describe('Cache Invalidation', () => {
  test('the channel carries each change once, with its author and without its text', () =>
    withApp({ env: enabled() }, async (t) => {
      const heard: Record<string, unknown>[] = []
      const listener = await server.probe()
      await listener.subscribe('agentmem:events', (message) => heard.push(JSON.parse(message)))
      const scope = { type: 'project', id: expect.any(String) }
      const entry = await t.call<{ id: string }>('memory_guideline', 'add', {
        name: 'n',
        content: 'SECRET',
        agent_id: 'ann',
      })
      await t.call('memory_guideline', 'update', { id: entry.id, content: 'SECRET 2', agent_id: 'ann' })
      await checkout(t, 'ann')
      await expect
        .poll(() => heard.map(({ type }) => type))
        .toEqual(['scope.created', 'entry.created', 'entry.updated', 'lock.acquired'])
      expect(heard[1]).toEqual({
        v: 1,
        ns: 'agentmem:@0',
        id: expect.any(String),
        seq: 2,
        epoch: expect.any(Number),
        type: 'entry.created',
        scope,
        entry: { type: 'guideline', id: entry.id, version: 1 },
        versions: expect.any(Object),
        agent_id: 'ann',
        instance_id: t.app.instanceId,
        at: expect.any(String),
        mac: expect.stringMatching(/^[\w-]{43}$/),
      })
      expect(heard[3]).toMatchObject({ ns: 'agentmem:@0', lock: { file_path: FILE } })
      expect(JSON.stringify(heard)).not.toContain('SECRET')
      listener.close()
    }))

  test('a message takes less than 4 KB, whatever the prefix, the path and the names are', () =>
    withApp({ env: enabled({ AGENT_MEMORY_REDIS_KEY_PREFIX: '𝄞'.repeat(256) }) }, async (t) => {
      const heard: string[] = []
      const listener = await server.probe()
      await listener.subscribe('agentmem:events', (message) => heard.push(message))
      const agent_id = '\u0001'.repeat(256)
      await t.call(LOCK, 'checkout', { file_path: `/${'a'.repeat(4_095)}`, agent_id })
      await expect.poll(() => heard.length).toBe(1)
      const [message = ''] = heard
      expect(Buffer.byteLength(message)).toBeLessThan(4_096)
      expect(JSON.parse(message)).toMatchObject({ agent_id, lock: { left_out: ['file_path'] } })
      listener.close()
    }))

  test('AGENT_MEMORY_REDIS_EVENT_CHANNEL is another channel', () =>
    withTwo(enabled({ AGENT_MEMORY_REDIS_EVENT_CHANNEL: 'elsewhere' }), async (a, b) => {
      const [usual, elsewhere]: [string[], string[]] = [[], []]
      const listener = await server.probe()
      await listener.subscribe('agentmem:events', (message) => usual.push(message))
      await listener.subscribe('elsewhere', (message) => elsewhere.push(message))
      await a.call('memory_guideline', 'add', { name: 'n', content: 'zebra one' })
      await expect.poll(() => elsewhere.length).toBe(2)
      expect(usual).toEqual([])
      await expect.poll(async () => (await search(b)).results[0]?.content).toBe('zebra one')
      listener.close()
    }))

  test('what another program publishes on the channel is dropped', () =>
    withTwo(enabled(), async (a, b) => {
      await a.call('memory_guideline', 'add', { name: 'n', content: 'zebra' })
      await search(b)
      const strange = [
        '',
        '{',
        '[]',
        '7',
        'null',
        '{"ns": "agentmem:@0"}',
        '{"ns": "agentmem:@0", "versions": {"x": "y"}}',
      ]
      const foreign = JSON.stringify({ ns: 'agentmem:dev:@0', versions: { global: 99 } })
      for (const message of [...strange, foreign, 'x'.repeat(100_000)])
        await cli.send('PUBLISH', 'agentmem:events', message)
      await expect.poll(async () => (await search(b)).served_from).toBe('l1')
      expect(await b.call('memory_health', null)).toMatchObject({ status: 'healthy' })
    }))
})

test('Key Namespacing: environments with prefixes of their own share a Redis and never act on one another', () =>
  withApp({ env: enabled({ AGENT_MEMORY_REDIS_KEY_PREFIX: 'agentmem:dev:' }) }, (dev) =>
    withApp({ env: enabled({ AGENT_MEMORY_REDIS_KEY_PREFIX: 'agentmem:prod:' }) }, async (prod) => {
      await checkout(dev, 'ann')
      await checkout(prod, 'bob')
      for (const t of [dev, prod]) await t.call('memory_guideline', 'add', { name: 'n', content: 'zebra' })
      await search(dev)
      await search(prod)
      // One look at all of them: the outbox of locks comes and goes.
      const keys = await cli.keys('*')
      for (const env of ['dev', 'prod']) expect(keys).toContain(`agentmem:${env}:lock:file:${FILE}`)
      expect(keys.filter((key) => !/^agentmem:(dev|prod):/.test(key))).toEqual([])
      // The event of a lock is recorded a moment after its grant.
      const locked = async () => {
        const { events } = await dev.call<{ events: object[] }>('memory_event', 'list', {
          types: ['lock.acquired'],
        })
        return events.length
      }
      await expect.poll(locked).toBe(1)
      const { last_seq } = await dev.call('memory_event', 'list')
      await prod.call('memory_guideline', 'update', { name: 'n', content: 'zebra 2' })
      expect(await dev.call('memory_event', 'list')).toMatchObject({ last_seq })
      expect((await search(dev)).results).toMatchObject([{ content: 'zebra' }])
      await prod.call(LOCK, 'force_unlock', { file_path: FILE, reason: 'test' })
      expect(await dev.call(LOCK, 'status', { file_path: FILE })).toMatchObject({
        locked: true,
        agent_id: 'ann',
      })
    }),
  ))

describe('Monitoring', () => {
  test('memory_health tells the connection', () =>
    withApp({ env: enabled() }, async (t) => {
      await checkout(t, 'ann')
      expect(await t.call('memory_health', null, {})).toMatchObject({
        status: 'healthy',
        redis: {
          enabled: true,
          connected: true,
          host: 'localhost',
          port: server.port,
          mode: 'standalone',
          latency_ms: expect.any(Number),
        },
        cache: {
          l1: { hits: expect.any(Number) },
          l2: { hits: expect.any(Number), misses: expect.any(Number) },
        },
        locks: { backend: 'redis', held: 1, lock_safety: 'ok' },
        events: { backend: 'redis', connected: true },
      })
    }))

  test('an eviction policy that may delete locks is said', async () => {
    for (const policy of ['allkeys-lru', 'volatile-ttl']) {
      await cli.send('FLUSHALL')
      await cli.send('CONFIG', 'SET', 'maxmemory-policy', policy)
      try {
        await withApp({ env: enabled() }, async (t) => {
          expect(await t.call('memory_health', null)).toMatchObject({
            status: 'degraded',
            problems: [expect.stringContaining(policy)],
            redis: { connected: true },
            locks: { lock_safety: 'degraded', reason: expect.stringContaining('noeviction') },
          })
        })
      } finally {
        await cli.send('CONFIG', 'SET', 'maxmemory-policy', 'noeviction')
      }
    }
  })

  test('Redis CLI: keys begin with the prefix, and commands can be watched', () =>
    withApp({ env: enabled() }, async (t) => {
      const monitor = await server.probe()
      const seen: string[] = []
      await monitor.monitor((line) => seen.push(line))
      await checkout(t, 'ann')
      await t.call('memory_guideline', 'add', { name: 'n', content: 'zebra' })
      await search(t)
      await expect.poll(() => seen.join('\n')).toContain(`agentmem:lock:file:${FILE}`)
      monitor.close()
      expect(seen.filter((line) => /"(keys|scan|flushall)"/i.test(line))).toEqual([])
      const strange = (await cli.keys('*')).filter((key) => !key.startsWith('agentmem:'))
      expect(strange).toEqual([])
    }))
})

describe('Troubleshooting', () => {
  test('Connection Refused: that error; Redis is started; it works', async () => {
    const port = await freePort()
    const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    await withApp({ env: enabled({ AGENT_MEMORY_REDIS_PORT: String(port) }) }, async (t) => {
      expect((await health(t)).redis['error']).toBe(`connect ECONNREFUSED 127.0.0.1:${port}`)
      expect((await refused(t, 'ann')).message).toContain(`connect ECONNREFUSED 127.0.0.1:${port}`)
      await withRedis({ port }, async () => {
        await expect.poll(async () => (await health(t)).redis['connected']).toBe(true)
        expect(await checkout(t, 'ann')).toMatchObject({ locked: true })
      })
    })
    said.mockRestore()
  })

  test('Authentication Failed: that error; the password is set; it works', () =>
    withRedis({ config: ['requirepass your-password'] }, async ({ port }) => {
      const env = enabled({ AGENT_MEMORY_REDIS_PORT: String(port) })
      const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
      await withApp({ env }, async (t) => {
        expect((await health(t)).redis).toMatchObject({
          connected: false,
          error: 'NOAUTH Authentication required',
        })
        const { message, suggestion } = await refused(t, 'ann')
        expect(message).toContain('NOAUTH Authentication required')
        expect(suggestion).toContain('AGENT_MEMORY_REDIS_PASSWORD')
      })
      said.mockRestore()
      await withApp({ env: { ...env, AGENT_MEMORY_REDIS_PASSWORD: 'your-password' } }, async (t) => {
        expect((await health(t)).redis).toMatchObject({ connected: true })
        expect(await checkout(t, 'ann')).toMatchObject({ locked: true })
      })
    }))

  test('Lock Timeout: a slow holder loses its lock; the TTL is raised; it keeps it', async () => {
    const work = (env: Env) =>
      withTwo(env, async (a, b) => {
        const { fencing_token } = await checkout(a, 'slow')
        await new Promise((resolve) => setTimeout(resolve, 200))
        const { valid } = await b.call<{ valid: boolean }>(LOCK, 'verify', {
          file_path: FILE,
          agent_id: 'slow',
          fencing_token,
        })
        expect(valid).toBe(env['AGENT_MEMORY_REDIS_LOCK_TTL_MS'] === '600000')
      })
    await work(enabled({ AGENT_MEMORY_REDIS_LOCK_TTL_MS: '100' }))
    await cli.send('FLUSHALL')
    await work(enabled({ AGENT_MEMORY_REDIS_LOCK_TTL_MS: '600000' }))
  })

  test('High Memory Usage: answers in Redis end after the TTL', () =>
    withApp({ env: enabled({ AGENT_MEMORY_REDIS_CACHE_TTL_MS: '3000' }) }, async (t) => {
      await t.call('memory_guideline', 'add', { name: 'n', content: 'zebra' })
      let asked = 0
      const kept = async () => {
        await t.call('memory_query', 'search', { query: `zebra ${++asked}` })
        return (await cli.keys('agentmem:cache:*')).length
      }
      await expect.poll(kept).toBeGreaterThan(0)
      await expect.poll(() => cli.keys('agentmem:cache:*')).toEqual([])
    }))
})
