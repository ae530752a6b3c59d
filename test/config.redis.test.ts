import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Config, readConfig } from '../src/config.ts'
import { redisAddress } from '../src/coordination/redis/connection/address.ts'
import { AppError } from '../src/domain/errors.ts'
import { makeCertificates } from './support/tls.ts'

const SECRET = 'hush-hush'

function refused(env: Record<string, string>): AppError {
  try {
    readConfig({ AGENT_MEMORY_REDIS_ENABLED: 'true', ...env })
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error(`accepted ${JSON.stringify(env)}`)
}

function address(env: Record<string, string>) {
  const c: Config = readConfig({ AGENT_MEMORY_REDIS_ENABLED: 'true', ...env })
  const { host, port, username, password, db, tls, mode } = redisAddress(c.redis)
  return { host, port, username, password, db, tls, mode }
}

test('the defaults are those of the guide', () => {
  expect(readConfig({})).toMatchObject({
    redis: {
      enabled: false,
      url: undefined,
      host: 'localhost',
      port: 6379,
      password: undefined,
      db: 0,
      tls: false,
      keyPrefix: 'agentmem:',
      cacheTtlMs: 3_600_000,
      eventChannel: 'agentmem:events',
      connectTimeoutMs: 10_000,
      maxRetries: 3,
    },
    locks: { ttlMs: 30_000, retryCount: 3, retryDelayMs: 200 },
  })
})

const WRONG: [variable: string, value: string][] = [
  ['AGENT_MEMORY_REDIS_ENABLED', 'yes please'],
  ['AGENT_MEMORY_REDIS_URL', `http://:${SECRET}@localhost`],
  ['AGENT_MEMORY_REDIS_URL', `redis://:${SECRET}@`],
  ['AGENT_MEMORY_REDIS_URL', `redis://:${SECRET}@localhost:99999`],
  ['AGENT_MEMORY_REDIS_URL', `redis://:${SECRET}@localhost:6379/main`],
  ['AGENT_MEMORY_REDIS_URL', `redis://:${SECRET}@localhost:6379/0?db=1`],
  ['AGENT_MEMORY_REDIS_HOST', 'local host'],
  ['AGENT_MEMORY_REDIS_HOST', 'redis://localhost'],
  ['AGENT_MEMORY_REDIS_HOST', 'localhost:6379'],
  ['AGENT_MEMORY_REDIS_HOST', '[::1]:6379'],
  ['AGENT_MEMORY_REDIS_PORT', '0'],
  ['AGENT_MEMORY_REDIS_PORT', '65536'],
  ['AGENT_MEMORY_REDIS_PORT', '6379a'],
  ['AGENT_MEMORY_REDIS_DB', '-1'],
  ['AGENT_MEMORY_REDIS_DB', '1.5'],
  ['AGENT_MEMORY_REDIS_TLS', 'maybe'],
  ['AGENT_MEMORY_REDIS_TLS_CA', '/nowhere/ca.pem'],
  ['AGENT_MEMORY_REDIS_TLS_CA', import.meta.filename],
  ['AGENT_MEMORY_REDIS_TLS_REJECT_UNAUTHORIZED', 'maybe'],
  ['AGENT_MEMORY_REDIS_KEY_PREFIX', 'agent mem:'],
  ['AGENT_MEMORY_REDIS_KEY_PREFIX', 'x'.repeat(257)],
  ['AGENT_MEMORY_REDIS_CACHE_TTL_MS', '1h'],
  ['AGENT_MEMORY_REDIS_CACHE_TTL_MS', '0'],
  ['AGENT_MEMORY_REDIS_LOCK_TTL_MS', '99'],
  ['AGENT_MEMORY_REDIS_LOCK_TTL_MS', '30s'],
  ['AGENT_MEMORY_REDIS_LOCK_RETRY_COUNT', '-1'],
  ['AGENT_MEMORY_REDIS_LOCK_RETRY_DELAY_MS', '0'],
  ['AGENT_MEMORY_REDIS_EVENT_CHANNEL', 'agentmem\u0000events'],
  ['AGENT_MEMORY_REDIS_CONNECT_TIMEOUT_MS', '0'],
  ['AGENT_MEMORY_REDIS_MAX_RETRIES', '101'],
  ['AGENT_MEMORY_REDIS_REQUIRED', '2'],
  ['AGENT_MEMORY_REDIS_SENTINELS', 'one,two'],
  ['AGENT_MEMORY_REDIS_SENTINELS', 'one:26379,two:0'],
  ['AGENT_MEMORY_REDIS_SENTINELS', 'one:65536'],
  // An address of one server is no list of them.
  ['AGENT_MEMORY_REDIS_SENTINELS', 'redis://:hunter2@one:26379'],
  ['AGENT_MEMORY_REDIS_CLUSTER', 'three'],
]
for (const [variable, value] of WRONG) {
  test(`${variable}=${value.slice(0, 60)} is refused by name`, () => {
    const error = refused({ [variable]: value })
    expect(error.errorName).toBe('INVALID_PARAMETER')
    // With its value: what is wrong is it alone, not what it would go with.
    expect(error.message).toContain(`${variable}=`)
    expect(JSON.stringify(error.toBody())).not.toContain(SECRET)
  })
}

const APART: [variable: string, env: Record<string, string>][] = [
  ['AGENT_MEMORY_REDIS_KEY_PREFIX', { AGENT_MEMORY_REDIS_CLUSTER: 'true' }],
  [
    'AGENT_MEMORY_REDIS_KEY_PREFIX',
    { AGENT_MEMORY_REDIS_CLUSTER: 'true', AGENT_MEMORY_REDIS_KEY_PREFIX: '{}agentmem:' },
  ],
  [
    'AGENT_MEMORY_REDIS_DB',
    {
      AGENT_MEMORY_REDIS_CLUSTER: 'true',
      AGENT_MEMORY_REDIS_KEY_PREFIX: '{agentmem}:',
      AGENT_MEMORY_REDIS_DB: '1',
    },
  ],
  [
    'AGENT_MEMORY_REDIS_DB',
    {
      AGENT_MEMORY_REDIS_CLUSTER: 'true',
      AGENT_MEMORY_REDIS_KEY_PREFIX: '{agentmem}:',
      AGENT_MEMORY_REDIS_URL: 'redis://localhost/2',
    },
  ],
  [
    'AGENT_MEMORY_REDIS_CLUSTER',
    {
      AGENT_MEMORY_REDIS_CLUSTER: 'true',
      AGENT_MEMORY_REDIS_KEY_PREFIX: '{agentmem}:',
      AGENT_MEMORY_REDIS_SENTINELS: 'localhost:26379',
    },
  ],
  [
    'AGENT_MEMORY_REDIS_CLUSTER',
    {
      AGENT_MEMORY_REDIS_CLUSTER: 'true',
      AGENT_MEMORY_REDIS_KEY_PREFIX: '{agentmem}:',
      AGENT_MEMORY_REDIS_SENTINEL_NAME: 'mymaster',
    },
  ],
  [
    // Redis looks at the first pair of braces alone.
    'AGENT_MEMORY_REDIS_KEY_PREFIX',
    { AGENT_MEMORY_REDIS_CLUSTER: 'true', AGENT_MEMORY_REDIS_KEY_PREFIX: '{}{agentmem}:' },
  ],
  ['AGENT_MEMORY_REDIS_PASSWORD', { AGENT_MEMORY_REDIS_USERNAME: 'ann' }],
  ['AGENT_MEMORY_REDIS_PASSWORD', { AGENT_MEMORY_REDIS_URL: 'redis://ann@localhost' }],
  ['AGENT_MEMORY_REDIS_SENTINEL_NAME', { AGENT_MEMORY_REDIS_SENTINELS: 'localhost:26379' }],
  ['AGENT_MEMORY_REDIS_SENTINELS', { AGENT_MEMORY_REDIS_SENTINEL_NAME: 'mymaster' }],
]
for (const [variable, env] of APART) {
  test(`settings that make no sense together are refused: ${Object.keys(env).join(', ')}`, () => {
    expect(refused(env).message).toContain(variable)
    // They are not reported while Redis is not used.
    expect(readConfig({ ...env }).redis.enabled).toBe(false)
  })
}

test('a CA without TLS is refused: the connection would be a plain one', () => {
  const folder = mkdtempSync(join(tmpdir(), 'agent-memory-ca-'))
  try {
    const ca = join(folder, 'ca.crt')
    writeFileSync(ca, makeCertificates().ca)
    const env = { AGENT_MEMORY_REDIS_TLS_CA: ca }
    const plain = { ...env, AGENT_MEMORY_REDIS_URL: 'redis://localhost' }
    for (const wrong of [env, plain]) expect(refused(wrong).message).toMatch(/^AGENT_MEMORY_REDIS_TLS_CA: /)
    for (const right of [
      { ...plain, AGENT_MEMORY_REDIS_TLS: 'true' },
      { ...env, AGENT_MEMORY_REDIS_URL: 'rediss://h' },
    ])
      expect(address(right).tls).toMatchObject({ ca: expect.stringContaining('CERTIFICATE') })
    expect(readConfig(env).redis.tlsCa).toBe(ca)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test('Redis cannot be required while it is switched off', () => {
  const error = refused({ AGENT_MEMORY_REDIS_ENABLED: 'false', AGENT_MEMORY_REDIS_REQUIRED: 'true' })
  expect(error.message).toMatch(/^AGENT_MEMORY_REDIS_REQUIRED: /)
})

test('the default user needs no password, nor does one whose password has its own variable', () => {
  expect(address({ AGENT_MEMORY_REDIS_URL: 'redis://default@h' })).toMatchObject({ username: 'default' })
  const env = { AGENT_MEMORY_REDIS_URL: 'redis://ann@h', AGENT_MEMORY_REDIS_PASSWORD: 'own' }
  expect(address(env)).toMatchObject({ username: 'ann', password: 'own' })
})

test('an address of IPv6 is a host, its colons no port', () => {
  const hostOf = (host: string) => readConfig({ AGENT_MEMORY_REDIS_HOST: host }).redis.host
  for (const host of ['::1', 'fe80::1%eth0']) expect(hostOf(host)).toBe(host)
  // In an address it stands in brackets, which are no part of the name that is connected to.
  expect(hostOf('[::1]')).toBe('::1')
})

test('an address overrides host and port, and its parts the single settings', () => {
  const env = { AGENT_MEMORY_REDIS_HOST: 'other', AGENT_MEMORY_REDIS_PORT: '7000' }
  expect(address(env)).toMatchObject({ host: 'other', port: 7000, db: 0, tls: null, mode: 'standalone' })
  const url = (text: string, more = {}) => address({ ...env, ...more, AGENT_MEMORY_REDIS_URL: text })
  expect(url('redis://localhost:6379')).toMatchObject({ host: 'localhost', port: 6379, password: undefined })
  expect(url('redis://localhost')).toMatchObject({ host: 'localhost', port: 6379 })
  expect(url('redis://:password@hostname:6380/3')).toMatchObject({
    host: 'hostname',
    port: 6380,
    password: 'password',
    db: 3,
  })
  expect(url('redis://ann:p%40ss%2F%25w%3Ard@[::1]:6380/')).toMatchObject({
    host: '::1',
    username: 'ann',
    password: 'p@ss/%w:rd',
  })
  expect(url('redis://:100%@h')).toMatchObject({ password: '100%' })
  const more = {
    AGENT_MEMORY_REDIS_PASSWORD: 'own',
    AGENT_MEMORY_REDIS_USERNAME: 'bob',
    AGENT_MEMORY_REDIS_DB: '5',
  }
  expect(url('redis://h', more)).toMatchObject({ username: 'bob', password: 'own', db: 5 })
  expect(url('redis://ann:theirs@h/0', more)).toMatchObject({ username: 'ann', password: 'theirs', db: 0 })
})

test('TLS comes with the setting or the scheme', () => {
  expect(address({ AGENT_MEMORY_REDIS_TLS: 'true' }).tls).toEqual({ rejectUnauthorized: true })
  expect(address({ AGENT_MEMORY_REDIS_URL: 'rediss://hostname:6379' }).tls).toEqual({
    rejectUnauthorized: true,
  })
  expect(
    address({ AGENT_MEMORY_REDIS_TLS: 'true', AGENT_MEMORY_REDIS_URL: 'rediss://hostname:6379' }).tls,
  ).toEqual({ rejectUnauthorized: true })
  expect(
    address({ AGENT_MEMORY_REDIS_TLS: 'true', AGENT_MEMORY_REDIS_TLS_REJECT_UNAUTHORIZED: 'false' }).tls,
  ).toEqual({ rejectUnauthorized: false })
})
