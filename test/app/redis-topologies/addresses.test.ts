import { mkdtempSync, rmSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readConfig } from '../../../src/config.ts'
import { withApp } from '../../support/app.ts'
import { RedisServer } from '../../support/redis-server.ts'
import { type Env, enabled, expectWork, health, nextDatabase, withTwo } from './instances.ts'

// A place of its own: the path of a socket may have 107 bytes.
const folder = mkdtempSync('/tmp/amredis-')
const socket = `${folder}/redis.sock`
let server: RedisServer

beforeAll(async () => {
  server = await RedisServer.start({
    config: [`unixsocket ${socket}`, 'bind 127.0.0.1 ::1', 'requirepass right'],
    login: ':right',
  })
})
afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

const at = (url: string, more: Env = {}) =>
  enabled({ AGENT_MEMORY_REDIS_URL: url, AGENT_MEMORY_REDIS_PASSWORD: 'right', ...more })

test.each([
  ['a socket', () => `unix:${socket}`, () => ({ host: socket, port: 0 })],
  ['a socket with slashes and a database', () => `unix://${socket}?db=3`, () => ({ host: socket })],
  [
    'valkey://',
    () => `valkey://127.0.0.1:${server.port}/1`,
    () => ({ host: '127.0.0.1', port: server.port }),
  ],
  ['an address of IPv6', () => `redis://[::1]:${server.port}/2`, () => ({ host: '::1', port: server.port })],
])('%s', async (_, url, shown) => {
  const env = at(url(), { AGENT_MEMORY_REDIS_KEY_PREFIX: `n${nextDatabase()}:` })
  await withTwo(env, async (a, b) => {
    await expectWork(a, b)
    const { status, redis } = await health(a)
    expect({ status, redis }).toMatchObject({ status: 'healthy', redis: { connected: true, ...shown() } })
  })
})

test('a socket that is not there is named as such', async () => {
  await withApp({ env: at(`unix:${folder}/none.sock`) }, async (a) => {
    const { redis, problems } = await health(a)
    expect(redis).toMatchObject({ connected: false, host: `${folder}/none.sock` })
    expect(problems.join()).toContain('unixsocket')
  })
})

test.each([
  ['unix:relative', 'expected redis://'],
  ['unix:///a?password=x', 'expected redis://'],
  ['http://h', 'expected redis://'],
])('%s is refused', (url, words) => {
  expect(() => readConfig(at(url))).toThrow(words)
})

test('a socket is no cluster, and a certificate needs its key and TLS', () => {
  const cluster = { AGENT_MEMORY_REDIS_CLUSTER: 'true', AGENT_MEMORY_REDIS_KEY_PREFIX: '{a}:' }
  expect(() => readConfig(at('unix:/s', cluster))).toThrow('AGENT_MEMORY_REDIS_URL')
})
