import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { withApp } from '../../support/app.ts'
import type { RedisProbe } from '../../support/redis.ts'
import { RedisServer } from '../../support/redis-server.ts'
import {
  checkout,
  enabled,
  expectAway,
  expectConnected,
  expectTwoWork,
  expectWork,
  health,
  keepLogQuiet,
  refusedCheckout,
  withConnected,
  withTwo,
} from './instances.ts'

// The rights that the guide lists are enough, and each of them that is missing is said by name.

const GUIDE = new URL('../../../docs/guides/connect-redis.md', import.meta.url)
const LINES = [...readFileSync(GUIDE, 'utf8').matchAll(/^ACL SETUSER agent-memory (.+)$/gm)]
const RULES = LINES.map(([, rules]) => rules).join(' ')

let server: RedisServer
let admin: RedisProbe
beforeAll(async () => {
  server = await RedisServer.start()
  admin = await server.probe()
})
keepLogQuiet()
// Each test has a database of its own.
beforeEach(() => admin.send('FLUSHALL'))
afterAll(async () => {
  admin.close()
  await server.close()
})

const env = () => enabled({ AGENT_MEMORY_REDIS_URL: server.url({ login: 'agent-memory:password' }) })

/** The user with the guide's rights, less or more. */
async function setUser(...changes: readonly string[]): Promise<void> {
  await admin.send('ACL', 'DELUSER', 'agent-memory')
  await admin.send('ACL', 'SETUSER', 'agent-memory', ...RULES.split(' '), ...changes)
  await admin.send('ACL', 'LOG', 'RESET')
}

test('the rights that the guide lists are enough for everything', async () => {
  await setUser()
  await withTwo(env(), async (a, b) => {
    await expectWork(a, b)
    await a.call('memory_file_lock', 'checkout', { file_path: '/a.ts', agent_id: 'ann' })
    await a.call('memory_file_lock', 'renew', { file_path: '/a.ts', agent_id: 'ann' })
    await a.call('memory_file_lock', 'list', { prefix: '/a' })
    await a.call('memory_file_lock', 'force_unlock', { file_path: '/a.ts', reason: 'test' })
    expect(await health(a)).toMatchObject({ status: 'healthy', problems: [] })
  })
  expect(await admin.send('ACL', 'LOG')).toEqual([])
})

test('the first line is one that Redis 6.0 takes: it knows no rights on channels', () => {
  expect(LINES.length).toBe(2)
  expect(LINES[0]?.[1]).not.toMatch(/&|resetchannels|allchannels|\||\(|%/)
})

test('the guide lists every command of every script', () => {
  const folder = new URL('../../../src/coordination/redis/scripts/', import.meta.url)
  const scripts = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.lua'),
  )
  const texts = scripts.map((name) => readFileSync(new URL(name, folder), 'utf8'))
  const commands = texts.flatMap((text) =>
    [...text.matchAll(/redis\.call\('(\w+)'/g)].map(([, name = '']) => name),
  )
  expect(commands.length).toBeGreaterThan(30)
  expect([...new Set(commands)].filter((name) => !RULES.includes(` +${name.toLowerCase()}`))).toEqual([])
})

/** A user without rights is told at once which are missing, and without a restart when it has got them. */
const NOT_HERE = ['+select', '+role']
const MISSING: [rule: string, named: string][] = [
  ...RULES.split(' ')
    .filter((rule) => rule.startsWith('+') && !NOT_HERE.includes(rule))
    .map((rule): [string, string] => [rule.replace('+', '-'), rule.slice(1)]),
  ['resetkeys', 'keys'],
  ['resetchannels', 'on channel agentmem:events the ACL user may not subscribe, publish'],
]
test('each right that is missing is named', async () => {
  for (const [rule, named] of MISSING) {
    await setUser(rule)
    await withApp({ env: env() }, async (t) => {
      const { redis, problems } = await expectAway(t, expect.stringContaining(named), '')
      expect(redis.error).toMatch(/^NOPERM /)
      expect(problems[0]).toContain('docs/guides/connect-redis.md')
    })
  }
})

test('a right taken away from a running server is named to the caller that needs it, and used again once given back', async () => {
  await setUser()
  await withConnected(env(), async (t) => {
    await admin.send('ACL', 'SETUSER', 'agent-memory', '-zadd')
    expect(await refusedCheckout(t, 'ann', '/a.ts')).toMatchObject({
      name: 'LOCK_STORE_UNAVAILABLE',
      message: expect.stringContaining('NOPERM'),
      suggestion: expect.stringContaining('docs/guides/connect-redis.md'),
    })
    await admin.send('ACL', 'SETUSER', 'agent-memory', '-info')
    await admin.send('CLIENT', 'KILL', 'USER', 'agent-memory')
    await expect.poll(async () => (await health(t)).redis.error).toContain('zadd')
    await admin.send('ACL', 'SETUSER', 'agent-memory', '+zadd', '+info')
    await expectConnected(t)
    expect(await checkout(t, 'ann', '/b.ts')).toMatchObject({ locked: true })
  })
})

test('keys and channels outside the prefix are not touched', async () => {
  await setUser('resetkeys', '~mine:*', 'resetchannels', '&mine:*')
  const mine = {
    ...env(),
    AGENT_MEMORY_REDIS_KEY_PREFIX: 'mine:',
    AGENT_MEMORY_REDIS_EVENT_CHANNEL: 'mine:events',
  }
  await expectTwoWork(mine)
  expect(await admin.send('ACL', 'LOG')).toEqual([])
})
