import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { withApp } from '../../support/app.ts'
import { withRedis } from '../../support/redis-server.ts'
import {
  checkin,
  checkout,
  enabledAt,
  expectAway,
  expectConnected,
  health,
  keepLogQuiet,
  refusedCheckout,
} from './instances.ts'

// What Redis itself refuses: shown in its words without our scripts, with what the operator can do. Then that is done.

keepLogQuiet()

test('memory that is full: no agent gets a lock, a holder keeps its own and gives it back, and answers go on', () =>
  withRedis({ config: ['maxmemory-policy noeviction'] }, (redis) =>
    withApp({ env: enabledAt(redis.port) }, async (t) => {
      await expectConnected(t)
      await checkout(t, 'ann', '/a.ts')
      await checkout(t, 'cid', '/c.ts')
      await redis.send('CONFIG', 'SET', 'maxmemory', '1')
      const { message, suggestion } = await refusedCheckout(t, 'bob', '/b.ts')
      expect(message).toMatch(/: OOM command not allowed when used memory > 'maxmemory'\.$/)
      expect(suggestion).toContain('Raise maxmemory')
      await t.call('memory_guideline', 'add', { name: 'n', content: 'zebra' })
      expect(await t.call('memory_query', 'search', { query: 'zebra' })).toMatchObject({
        results: [{ name: 'n' }],
      })
      expect(await t.call('memory_file_lock', 'status', { file_path: '/a.ts' })).toMatchObject({
        agent_id: 'ann',
      })
      expect(await t.call('memory_file_lock', 'renew', { file_path: '/a.ts', agent_id: 'ann' })).toBeTruthy()
      await checkout(t, 'ann', '/a.ts')
      // Calls of one moment go in one: that one of them is refused hinders no other.
      const [refused, given] = await Promise.all([
        refusedCheckout(t, 'bob', '/b.ts'),
        checkin(t, 'cid', '/c.ts'),
      ])
      expect(refused.name).toBe('LOCK_STORE_UNAVAILABLE')
      expect(given).toMatchObject({ released: true })
      expect(
        await t.call('memory_file_lock', 'force_unlock', { file_path: '/a.ts', reason: 'r' }),
      ).toBeTruthy()
      expect(await health(t)).toMatchObject({
        status: 'degraded',
        problems: [expect.stringContaining('Redis has used 100 % of its memory')],
        redis: { memory: { used_percent: 100 } },
      })
      await redis.send('CONFIG', 'SET', 'maxmemory', '0')
      expect(await checkout(t, 'bob', '/b.ts')).toMatchObject({ locked: true })
    }),
  ))

test('a replica in the place of the master', () =>
  withRedis({ config: ['repl-diskless-sync-delay 0'] }, (master) =>
    withRedis({ config: [`replicaof 127.0.0.1 ${master.port}`] }, async (replica) => {
      const link = () => replica.send<string>('INFO', 'replication')
      await expect.poll(link).toContain('master_link_status:up')
      await withApp({ env: enabledAt(replica.port) }, async (t) => {
        await expectAway(t, "READONLY You can't write against a read only replica", 'Connect to the master')
        await replica.send('REPLICAOF', 'NO', 'ONE')
        await expectConnected(t)
        expect(await checkout(t, 'ann', '/a.ts')).toMatchObject({ locked: true })
      })
    }),
  ))

test('a disk that cannot be written to', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'agent-memory-no-dump-'))
  try {
    await withRedis({ config: [`dir ${folder}`, 'save 3600 1'] }, async (redis) => {
      const saved = () => redis.send<string>('INFO', 'persistence')
      await withApp({ env: enabledAt(redis.port) }, async (t) => {
        await expectConnected(t)
        // A folder of that name is in the way.
        mkdirSync(join(folder, 'dump.rdb'))
        await redis.send('BGSAVE')
        await expect.poll(saved).toContain('rdb_last_bgsave_status:err')
        const { message, suggestion } = await refusedCheckout(t, 'ann', '/a.ts')
        expect(message).toContain(': MISCONF Redis is configured to save RDB snapshots')
        expect(suggestion).toContain('its log says which')
        rmSync(join(folder, 'dump.rdb'), { recursive: true })
        await redis.send('BGSAVE')
        await expect.poll(saved).toContain('rdb_last_bgsave_status:ok')
        // Where a heartbeat was refused meanwhile, the connection is made anew first.
        const again = () => checkout(t, 'ann', '/a.ts').catch((error: unknown) => error)
        await expect.poll(again).toMatchObject({ locked: true })
      })
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test('a process that starts while memory is full', () =>
  withRedis({ config: ['maxmemory-policy noeviction', 'maxmemory 1'] }, (redis) =>
    withApp({ env: enabledAt(redis.port) }, async (t) => {
      await expectConnected(t)
      await redis.send('CONFIG', 'SET', 'maxmemory', '0')
      expect(await checkout(t, 'ann', '/a.ts')).toMatchObject({ locked: true })
    }),
  ))

test('answers leave room: they stop being kept before locks are refused', () =>
  withRedis({ config: ['maxmemory-policy noeviction', 'maxmemory 6mb'] }, (redis) =>
    withApp({ env: enabledAt(redis.port) }, async (t) => {
      await expectConnected(t)
      const content = `zebra ${'word '.repeat(3_000)}`
      for (let n = 0; n < 20; n++) await t.call('memory_guideline', 'add', { name: `n${n}`, content })
      for (let n = 0; n < 60; n++) await t.call('memory_query', 'search', { query: `zebra ${n}`, limit: 20 })
      expect(await checkout(t, 'ann', '/a.ts')).toMatchObject({ locked: true })
      const used = /^used_memory:(\d+)/m.exec(await redis.send<string>('INFO', 'memory'))?.[1]
      expect(Number(used)).toBeGreaterThan(3 << 20)
      expect(Number(used)).toBeLessThan(6 << 20)
    }),
  ))

/** Lines of redis.conf or commands, what health says then, and what it advises. */
const LIMPING: readonly (readonly [commands: readonly string[], problem: string, advice: string])[] = [
  [['ACL', 'SETUSER', 'default', '-evalsha'], 'NOPERM', 'connect-redis.md'],
  [['ACL', 'SETUSER', 'default', '+evalsha', '-zadd'], 'NOPERM', 'connect-redis.md'],
  [['ACL', 'SETUSER', 'default', '+zadd', '-subscribe'], 'NOPERM', 'connect-redis.md'],
]
test('a server that answers and does not do its work is not healthy', () =>
  withRedis({ config: [] }, (redis) =>
    withApp({ env: enabledAt(redis.port) }, async (t) => {
      await expectConnected(t)
      await expect.poll(async () => (await health(t)).status).toBe('healthy')
      const admin = await redis.probe()
      for (const [commands, problem, advice] of LIMPING) {
        await admin.send(...commands)
        const { status, problems } = await health(t)
        expect(status).toBe('degraded')
        expect(problems.join()).toContain(problem)
        expect(problems.join()).toContain(advice)
      }
      admin.close()
    }),
  ))

test('commands that were switched off are named', async () => {
  for (const name of ['EVALSHA', 'ZADD', 'PUBLISH', 'TIME', 'ZREMRANGEBYRANK'])
    await withRedis({ config: [`rename-command ${name} ""`] }, (redis) =>
      withApp({ env: enabledAt(redis.port) }, async (t) => {
        const problems = async () => (await health(t)).problems.join(' ')
        await expect.poll(problems).toContain(name)
        expect(await problems()).toContain('rename-command')
        expect((await refusedCheckout(t, 'ann', '/a.ts')).suggestion).toContain('rename-command')
      }),
    )
})

test('the script of another program that does not end', () =>
  withRedis({ config: ['lua-time-limit 10'] }, (redis) =>
    withApp({ env: enabledAt(redis.port) }, async (t) => {
      await expectConnected(t)
      const [other, admin] = [await redis.probe(), await redis.probe()]
      const endless = other.send('EVAL', 'while true do end', '0').catch(() => {})
      const says = async () => (await refusedCheckout(t, 'ann', '/a.ts')).message
      await expect.poll(says).toContain('BUSY')
      expect((await refusedCheckout(t, 'ann', '/a.ts')).suggestion).toContain('SCRIPT KILL')
      await admin.send('SCRIPT', 'KILL')
      await endless
      for (const probe of [other, admin]) probe.close()
      await expectConnected(t)
      await expect.poll(() => checkout(t, 'ann', '/a.ts').catch(() => null)).toMatchObject({ locked: true })
    }),
  ))

test('the second connection, on which news is heard, cannot be made', () =>
  withRedis({ config: ['maxclients 1'] }, (redis) =>
    withApp({ env: enabledAt(redis.port) }, async (t) => {
      const { problems, status } = await health(t)
      expect(status).toBe('degraded')
      expect(problems).toEqual([expect.stringMatching(/news .*max number of clients.*Raise maxclients/)])
    }),
  ))

test('locks that were lost: health says for how long no agent gets a new one', () =>
  withRedis({}, (redis) =>
    withApp({ env: enabledAt(redis.port) }, async (t) => {
      await expectConnected(t)
      await checkout(t, 'ann', '/a.ts')
      await redis.send('FLUSHALL')
      await expect.poll(async () => (await health(t)).problems.join()).toContain('Redis has lost its locks')
      expect(await health(t)).toMatchObject({
        status: 'degraded',
        locks: { recovering_ms: expect.any(Number) },
      })
    }),
  ))

test('junk in keys of locks is named, counted, and said in the log', () =>
  withRedis({}, (redis) =>
    withApp({ env: enabledAt(redis.port) }, async (t) => {
      await expectConnected(t)
      await redis.send('HSET', 'agentmem:lock:waiters', 'x', 'junk')
      await redis.send('ZADD', 'agentmem:lock:outbox', '1', 'junk')
      await checkout(t, 'ann', '/a.ts')
      await expect
        .poll(() => health(t))
        .toMatchObject({ redis: { junk: { 'lock:waiters': 1, 'lock:outbox': 1 } } })
      const { status, problems } = await health(t)
      expect(status).toBe('degraded')
      expect(problems.join()).toContain('AGENT_MEMORY_REDIS_KEY_PREFIX')
      expect(vi.mocked(process.stderr.write).mock.calls.join()).toContain('redis_junk')
    }),
  ))

const WRONG: readonly (readonly [settings: Record<string, string>, error: string, mend: string])[] = [
  [{ AGENT_MEMORY_REDIS_DB: '99' }, 'ERR DB index is out of range', 'AGENT_MEMORY_REDIS_DB'],
  [
    { AGENT_MEMORY_REDIS_CLUSTER: 'true', AGENT_MEMORY_REDIS_KEY_PREFIX: '{a}:' },
    'ERR This instance has cluster support disabled',
    'leave out AGENT_MEMORY_REDIS_CLUSTER',
  ],
]
test('settings that this Redis cannot fulfil', () =>
  withRedis({}, async (redis) => {
    for (const [settings, error, mend] of WRONG)
      await withApp(
        { env: enabledAt(redis.port, settings) },
        async (t) => void (await expectAway(t, error, mend)),
      )
  }))

test('one node of a cluster, asked as if it were the whole', () =>
  withRedis({ config: ['cluster-enabled yes'] }, (redis) =>
    withApp({ env: enabledAt(redis.port) }, async (t) => {
      const { problems } = await expectAway(t, expect.stringMatching(/^(CLUSTERDOWN|MOVED) /), '')
      expect(problems[0]).toMatch(/set AGENT_MEMORY_REDIS_CLUSTER=true|--cluster check/)
    }),
  ))
