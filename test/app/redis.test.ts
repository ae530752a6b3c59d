import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { openApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { withApp } from '../support/app.ts'
import { freePort } from '../support/free-port.ts'
import { RawServer, withFolder } from '../support/mcp.ts'
import { withRedis } from '../support/redis-server.ts'
import { withProxy } from '../support/tcp-proxy.ts'

const HEALTH = 'memory_health'
const LOCK = 'memory_file_lock'

function redisAt(port: number, more: Record<string, string> = {}): Record<string, string> {
  return { AGENT_MEMORY_REDIS_ENABLED: 'true', AGENT_MEMORY_REDIS_PORT: String(port), ...more }
}

interface Health {
  readonly status: string
  readonly problems: string[]
  readonly redis: { connected: boolean; error?: string }
}

test('without Redis the server starts, answers from the database, says why, grants no lock, and connects later', async () => {
  const port = await freePort()
  const env = redisAt(port, { AGENT_MEMORY_REDIS_HOST: '127.0.0.1' })
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  try {
    await withApp({ env }, async (t) => {
      const error = `connect ECONNREFUSED 127.0.0.1:${port}`
      await t.call('memory_guideline', 'add', { name: 'a', content: 'zebra' })
      for (let n = 0; n < 2; n++) {
        const answer = await t.call('memory_query', 'search', { query: 'zebra' })
        expect(answer).toMatchObject({ results: [{ name: 'a' }] })
      }
      expect(await t.call(HEALTH, null)).toMatchObject({
        status: 'degraded',
        problems: [expect.stringContaining(error), expect.stringContaining('nobody gets a lock')],
        redis: { enabled: true, connected: false, host: '127.0.0.1', port, mode: 'standalone', error },
        locks: { backend: 'redis' },
        events: { connected: false },
      })
      const refusal = await t.refused(LOCK, 'checkout', { file_path: 'a.ts' })
      expect(refusal).toMatchObject({ code: 'E3005', name: 'LOCK_STORE_UNAVAILABLE' })
      expect(refusal.message).toContain(error)
      expect(refusal.suggestion).toContain('redis-cli ping')
      const lines = said.mock.calls
        .map(([line]) => String(line))
        .filter((line) => line.includes('redis_away'))
      expect(lines).toEqual([expect.stringContaining(error)])

      await withRedis({ port }, async () => {
        await expect.poll(async () => (await t.call<Health>(HEALTH, null)).redis.connected).toBe(true)
        expect(await t.call(LOCK, 'checkout', { file_path: 'a.ts' })).toMatchObject({ locked: true })
        await expect.poll(async () => (await t.call<Health>(HEALTH, null)).status).toBe('healthy')
        expect(said.mock.calls.join()).toContain('redis_connected')
      })
    })
  } finally {
    said.mockRestore()
  }
})

test('AGENT_MEMORY_REDIS_REQUIRED refuses to start without it, and says what to do', async () => {
  const port = await freePort()
  const later = redisAt(port, {
    AGENT_MEMORY_REDIS_HOST: '127.0.0.1',
    AGENT_MEMORY_REDIS_REQUIRED: 'true',
  })
  const env = { ...later, AGENT_MEMORY_REDIS_CONNECT_TIMEOUT_MS: '700' }
  await withFolder(async (dataDir) => {
    const refusal = await openApp(readConfig({ ...env, AGENT_MEMORY_DATA_DIR: dataDir })).catch(
      (error: unknown) => error,
    )
    expect(refusal).toMatchObject({
      errorName: 'LOCK_STORE_UNAVAILABLE',
      message: `Redis is required and cannot be reached: connect ECONNREFUSED 127.0.0.1:${port}.`,
      suggestion: expect.stringContaining('redis-cli ping'),
    })
    const server = new RawServer(dataDir, { env })
    expect(await server.ended()).toBe(1)
    expect(server.stderr).toContain('ECONNREFUSED')
    await withRedis({ port }, () =>
      withApp({ env: later }, async (t) => {
        expect(await t.call(HEALTH, null)).toMatchObject({ status: 'healthy', redis: { connected: true } })
      }),
    )
  })
})

test('a Redis that swallows everything delays neither start nor stop, and a required one only by its time-out', () =>
  withRedis({}, (server) =>
    withProxy(server.port, async (proxy) => {
      proxy.isBlackHole = true
      const env = redisAt(proxy.port)
      await withApp({ env }, async (t) => {
        expect(await t.call(HEALTH, null)).toMatchObject({ status: 'degraded', redis: { connected: false } })
        await t.call('memory_guideline', 'add', { name: 'a', content: 'b' })
      })
      const required = {
        ...env,
        AGENT_MEMORY_REDIS_REQUIRED: 'true',
        AGENT_MEMORY_REDIS_CONNECT_TIMEOUT_MS: '300',
      }
      await expect(withApp({ env: required }, async () => {})).rejects.toThrow('cannot be reached')
    }),
  ))

test('where it is required, a start waits for a Redis that comes later, and not for one that refuses', async () => {
  const port = await freePort()
  const env = redisAt(port, {
    AGENT_MEMORY_REDIS_HOST: '127.0.0.1',
    AGENT_MEMORY_REDIS_REQUIRED: 'true',
    AGENT_MEMORY_REDIS_CONNECT_TIMEOUT_MS: '600000',
  })
  const started = withApp({ env }, async (t) => {
    expect(await t.call('memory_health', null)).toMatchObject({ redis: { connected: true } })
  })
  // Long after the first try has failed.
  await new Promise((resolve) => setTimeout(resolve, 500))
  await withRedis({ port, config: ['requirepass right'] }, async (server) => {
    await expect(started).rejects.toThrow('NOAUTH')
    const right = { ...env, AGENT_MEMORY_REDIS_PASSWORD: 'right' }
    await server.stop()
    const waiting = withApp({ env: right }, async (t) => {
      expect(await t.call('memory_health', null)).toMatchObject({ redis: { connected: true } })
    })
    await new Promise((resolve) => setTimeout(resolve, 500))
    await server.resume()
    await waiting
  })
})

test('a stop does not wait for a Redis that stopped answering, whatever calls wait for', () =>
  withRedis({}, (server) =>
    withProxy(server.port, (proxy) =>
      withApp({ env: redisAt(proxy.port) }, async (t) => {
        await t.call(LOCK, 'checkout', { file_path: 'a.ts', keep_alive: true }, { agentId: 'ann' })
        const waiting = t
          .refused(LOCK, 'checkout', { file_path: 'a.ts', wait_ms: 60_000 }, { agentId: 'bob' })
          .then(({ name }) => name)
        await sleep(50)
        proxy.isBlackHole = true
        await t.app.close()
        expect(await waiting).toBe('LOCK_STORE_UNAVAILABLE')
      }),
    ),
  ))

test('the program ends when its client goes, although Redis has stopped answering', () =>
  withRedis({}, (server) =>
    withProxy(server.port, (proxy) =>
      withFolder(async (dataDir) => {
        const mcp = new RawServer(dataDir, { env: redisAt(proxy.port) })
        await mcp.initialize()
        proxy.isBlackHole = true
        mcp.child.stdin?.end()
        // 1 where closing took longer than it may, on a busy machine.
        expect(await mcp.ended()).toBeOneOf([0, 1])
      }),
    ),
  ))

test('an agent that read of a commit gets no answer from before it, although Redis publishes it later', () =>
  withRedis({}, (server) =>
    withProxy(server.port, (proxy) =>
      withApp({ env: redisAt(server.port) }, async (writer) => {
        const reader = await writer.secondApp({ env: redisAt(proxy.port) })
        const { id } = await writer.call('memory_guideline', 'add', { name: 'a', content: 'zebra 0' })
        const search = () => reader.call<{ results: object[] }>('memory_query', 'search', { query: 'zebra' })
        await expect.poll(search).toMatchObject({ results: [{ version: 1 }], served_from: 'l1' })
        const heard = Promise.withResolvers<void>()
        await reader.app.services.events.subscribe(({ events }) => {
          if (events.some(({ entry }) => entry?.version === 2)) heard.resolve()
        })
        proxy.delayMs = 300
        await writer.call('memory_guideline', 'update', { id, content: 'zebra 1' })
        await heard.promise
        expect(await search()).toMatchObject({ results: [{ version: 2 }] })
      }),
    ),
  ))

test('no secret is in an error, in health or in the log', () =>
  withRedis({ config: ['requirepass right-secret'] }, async (server) => {
    const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    const env = {
      AGENT_MEMORY_REDIS_ENABLED: 'true',
      AGENT_MEMORY_REDIS_URL: server.url({ login: 'someone:wrong-secret' }),
      AGENT_MEMORY_LOG_LEVEL: 'debug',
    }
    try {
      await withApp({ env }, async (t) => {
        const health = await t.call<Health>(HEALTH, null)
        expect(health.redis.error).toContain('WRONGPASS')
        const refusal = await t.refused(LOCK, 'checkout', { file_path: 'a.ts' })
        const everything = JSON.stringify([health, refusal, said.mock.calls])
        expect(everything).not.toContain('wrong-secret')
        expect(everything).toContain('AGENT_MEMORY_REDIS_PASSWORD')
      })
    } finally {
      said.mockRestore()
    }
  }))

test('a process that looks at its health right after its start says that it follows the events', async () => {
  await withRedis({}, async ({ port }) => {
    await withApp({ env: redisAt(port) }, async (t) => {
      expect(await t.call(HEALTH, null)).toMatchObject({ status: 'healthy', events: { connected: true } })
    })
  })
})

test('nothing keeps a process whose App is closed', () =>
  withRedis({}, async ({ port }) => {
    await withApp({ env: redisAt(port) }, async (t) => {
      const timers = new Map<NodeJS.Timeout, { readonly ms: number; readonly from: string | undefined }>()
      const { setTimeout: start, clearTimeout: stop } = globalThis
      vi.stubGlobal('setTimeout', (callback: () => void, ms: number) => {
        const timer = start(() => {
          timers.delete(timer)
          callback()
        }, ms)
        timers.set(timer, { ms, from: new Error('made').stack })
        return timer
      })
      vi.stubGlobal('clearTimeout', (timer: NodeJS.Timeout) => {
        timers.delete(timer)
        stop(timer)
      })
      try {
        await t.app.close()
        // The deadline of a call that nobody waits for any more may still run out.
        const kept = [...timers].filter(([timer, { ms }]) => timer.hasRef() && ms > 1_000)
        expect(kept.map(([, made]) => made)).toEqual([])
      } finally {
        vi.unstubAllGlobals()
      }
    })
  }))
