import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { withApp } from '../../support/app.ts'
import { withRedis } from '../../support/redis-server.ts'
import {
  checkout,
  enabledAt,
  expectAway,
  expectConnected,
  keepLogQuiet,
  PATIENT,
  refusedCheckout,
} from './instances.ts'

// What Redis itself refuses: shown in its words without our scripts, with what the operator can do. Then that is done.

keepLogQuiet()

test('memory that is full: nobody gets a lock, nobody loses one, and answers go on', () =>
  withRedis({ config: ['maxmemory-policy noeviction'] }, (redis) =>
    withApp({ env: enabledAt(redis.port) }, async (t) => {
      await checkout(t, 'ann', '/a.ts')
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
      await redis.send('CONFIG', 'SET', 'maxmemory', '0')
      expect(await checkout(t, 'bob', '/b.ts')).toMatchObject({ locked: true })
    }),
  ))

test('a replica in the place of the master', () =>
  withRedis({ config: ['repl-diskless-sync-delay 0'] }, (master) =>
    withRedis({ config: [`replicaof 127.0.0.1 ${master.port}`] }, async (replica) => {
      const link = () => replica.send<string>('INFO', 'replication')
      await expect.poll(link, PATIENT).toContain('master_link_status:up')
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
        // A folder of that name is in the way.
        mkdirSync(join(folder, 'dump.rdb'))
        await redis.send('BGSAVE')
        await expect.poll(saved, PATIENT).toContain('rdb_last_bgsave_status:err')
        const { message, suggestion } = await refusedCheckout(t, 'ann', '/a.ts')
        expect(message).toContain(': MISCONF Redis is configured to save RDB snapshots')
        expect(suggestion).toContain('its log says why')
        rmSync(join(folder, 'dump.rdb'), { recursive: true })
        await redis.send('BGSAVE')
        await expect.poll(saved, PATIENT).toContain('rdb_last_bgsave_status:ok')
        expect(await checkout(t, 'ann', '/a.ts')).toMatchObject({ locked: true })
      })
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

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
