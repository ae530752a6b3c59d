import { expect, test } from 'vitest'
import { MIGRATIONS } from '../../src/store/migrations/index.ts'
import { VERSION } from '../../src/version.ts'
import { withApp } from '../support/app.ts'
import { runStatement, testDatabase } from '../support/database.ts'
import { expectNews, testBackend, testsRunOnRedis } from '../support/redis-env.ts'

const TOOL = 'memory_health'

test('{} tells the state of every part', () =>
  withApp(async (t) => {
    const entry = await t.call('memory_guideline', 'add', { name: 'a', content: 'b' })
    await t.call('memory_guideline', 'add', { name: 'b', content: 'b' })
    await t.call('memory_guideline', 'deactivate', { id: entry['id'] })
    await t.call('memory_file_lock', 'checkout', { file_path: 'a.ts' })
    const events = () => t.call('memory_event', 'list')
    await expectNews(async () => (await events())['last_seq'], 5)
    const { last_seq } = await events()
    const [type, index, place] =
      testDatabase === 'sqlite'
        ? ['sqlite', 'fts5', { path: t.app.config.dbPath }]
        : ['postgresql', 'tsvector', { address: expect.stringMatching(/^127\.0\.0\.1:\d+\//) }]
    const health = await t.call(TOOL, null)
    expect(health).toMatchObject({
      status: 'healthy',
      problems: [],
      version: VERSION,
      instance_id: t.app.instanceId,
      database: { type, connected: true, schema_version: MIGRATIONS.length, ...place },
      redis: { enabled: testsRunOnRedis, connected: testsRunOnRedis },
      locks: { backend: testBackend, held: 1 },
      events: { backend: testBackend, connected: true, last_seq },
      search: { index, entries: 2, active: 1 },
    })
    expect(health['database']).toHaveProperty('latency_ms', expect.any(Number))
    expect(health['uptime_ms']).toBeGreaterThanOrEqual(0)
    expect(health['cache']).toHaveProperty('l1.hits', expect.any(Number))
  }))

test('agent_id is taken, anything else is refused by name', () =>
  withApp(async (t) => {
    expect(await t.call(TOOL, null, { agent_id: 'ann' })).toMatchObject({ status: 'healthy' })
    expect(await t.refused(TOOL, null, { verbose: true })).toMatchObject({ name: 'UNKNOWN_PARAMETER' })
  }))

test('a table that is gone is named, with what to do', () =>
  withApp(async (t) => {
    await runStatement(t.dataDir, 'alter table vote_decision rename to away')
    expect(await t.call(TOOL, null)).toMatchObject({
      status: 'degraded',
      problems: [
        expect.stringMatching(/^database: Tables are missing: vote_decision\. .*Put a backup there/),
      ],
    })
    await runStatement(t.dataDir, 'alter table away rename to vote_decision')
    expect(await t.call(TOOL, null)).toMatchObject({ status: 'healthy' })
  }))

test('a database that does not answer is unhealthy, and said so without an error', () =>
  withApp(async (t) => {
    await t.app.close()
    const health = await t.call<{ problems: string[] }>(TOOL, null)
    expect(health).toMatchObject({
      status: 'unhealthy',
      database: { type: testDatabase, connected: false, error: expect.any(String) },
      events: { connected: false },
      search: { index: expect.any(String), error: expect.any(String) },
    })
  }))
