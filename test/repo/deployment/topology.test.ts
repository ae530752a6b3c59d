import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openClient, withFolder } from '../../support/mcp.ts'
import { PostgresServer } from '../../support/postgres-server.ts'
import { RedisServer } from '../../support/redis-server.ts'
import { Container, end, untilSaid } from './container.ts'
import { composeInstances, type Env, healthCommand } from './files.ts'

// docker-compose.yml without a container engine: its settings, its entrypoint and its health check, as processes on real servers.

let postgres: PostgresServer
let redis: RedisServer
let container: Container

beforeAll(async () => {
  container = new Container()
  postgres = await PostgresServer.start()
  redis = await RedisServer.start({ config: ['maxmemory-policy noeviction'] })
  await postgres.query('create role agent_memory login')
  await postgres.query('create database agent_memory owner agent_memory')
})
afterAll(async () => {
  await container.close()
  await redis.close()
  await postgres.close()
})

/** The settings of each instance, with the services where they are here. */
const instances = (): Env[] =>
  composeInstances().map(([, env]) => ({
    ...env,
    AGENT_MEMORY_PG_HOST: '127.0.0.1',
    AGENT_MEMORY_PG_PORT: String(postgres.port),
    AGENT_MEMORY_REDIS_HOST: '127.0.0.1',
    AGENT_MEMORY_REDIS_PORT: String(redis.port),
  }))

describe('the entrypoint', () => {
  test('without a stdin the instance stays up until it is stopped, and can be started again', async () => {
    for (let round = 0; round < 2; round++) {
      const child = container.start('none')
      await untilSaid(child, '"event":"serving"')
      const said = untilSaid(child, '"event":"ending"')
      await sleep(50)
      expect(await end(child, 'SIGTERM')).toBe(0)
      expect(await said).toContain('"reason":"SIGTERM"')
    }
  })

  test('a client that holds stdin is served on it, and ends the server by leaving', async () => {
    const child = container.start('held')
    const answer = new Promise((resolve) => child.stdout?.once('data', (chunk) => resolve(String(chunk))))
    child.stdin?.write('{"jsonrpc":"2.0","id":1,"method":"ping"}\n')
    expect(await answer).toContain('"id":1')
    const ended = new Promise((resolve) => child.once('close', resolve))
    child.stdin?.end()
    expect(await ended).toBe(0)
  })

  test('other commands run as they are', () => {
    expect(container.runEntrypoint('--version')).toEqual({ code: 0, output: expect.stringMatching(/^\d+\./) })
    expect(container.runEntrypoint('nonsense')).toMatchObject({ code: 2 })
  })
})

test('clients of the two instances share locks and memories', async () => {
  const kept = instances().map((env) => container.start('none', env))
  await Promise.all(kept.map((child) => untilSaid(child, '"event":"serving"')))
  await withClients(async (one, two) => {
    const file = { file_path: '/shop/src/cart.ts' }
    await call(one, 'memory_file_lock', { action: 'checkout', agent_id: 'ann', ...file })
    expect(
      await call(two, 'memory_file_lock', { action: 'checkout', agent_id: 'bob', wait_ms: 0, ...file }),
    ).toMatchObject({ error: { name: 'FILE_LOCKED', details: { held_by: 'ann' } } })
    const entry = { scope_type: 'global', name: 'money' }
    await call(one, 'memory_guideline', { action: 'add', content: 'Integer cents.', ...entry })
    await expect
      .poll(() => call(two, 'memory_query', { action: 'search', query: 'cents' }))
      .toMatchObject({ results: [{ name: 'money' }] })
  })
  for (const child of kept) expect(await end(child, 'SIGTERM')).toBe(0)
})

test('the health check tells whether an instance could work', async () => {
  const [env = {}] = instances()
  const required = {
    ...env,
    AGENT_MEMORY_REDIS_REQUIRED: 'true',
    AGENT_MEMORY_REDIS_CONNECT_TIMEOUT_MS: '100',
  }
  const check = (settings: Env) => container.run(healthCommand(), settings)
  expect(check(env)).toMatchObject({ code: 0, output: expect.stringContaining('healthy') })
  await redis.stop()
  expect(check(env)).toMatchObject({ code: 0, output: expect.stringContaining('degraded') })
  expect(check(required)).toMatchObject({ code: 1, output: expect.stringContaining('ECONNREFUSED') })
  await postgres.stop()
  // So long a start tries again; a slow machine may not hear the refusal within it.
  const brief = { ...env, AGENT_MEMORY_PG_CONNECTION_TIMEOUT_MS: '1' }
  expect(check(brief)).toMatchObject({
    code: 1,
    output: expect.stringMatching(/PostgreSQL (refused|did not answer)/),
  })
})

function withClients(body: (one: Client, two: Client) => Promise<void>): Promise<void> {
  return withFolder(async (folder) => {
    const [first, second] = instances()
    const one = await openClient(folder, { env: first ?? {} })
    const two = await openClient(folder, { env: second ?? {} })
    try {
      await body(one, two)
    } finally {
      await one.close()
      await two.close()
    }
  })
}

async function call(client: Client, name: string, args: Record<string, unknown>): Promise<unknown> {
  const { structuredContent, content } = await client.callTool({ name, arguments: args })
  const [first] = content
  return structuredContent ?? JSON.parse(first?.type === 'text' ? first.text : 'null')
}
