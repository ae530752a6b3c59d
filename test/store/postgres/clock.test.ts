import { afterEach, expect, test, vi } from 'vitest'
import { EmbeddedLeaseStore } from '../../../src/coordination/embedded/lease-store.ts'
import { type TestApp, withApp } from '../../support/app.ts'
import { databaseEnv } from '../../support/database.ts'
import { newPrefix, sharedRedisUrl } from '../../support/redis.ts'

// Instances on machines whose clocks disagree: the database's clock counts for what all of them read.

afterEach(() => vi.restoreAllMocks())

/** Runs `body` as on a machine whose wall clock is ahead by so much. */
async function ahead<T>(ms: number, body: () => Promise<T>): Promise<T> {
  const now = Date.now.bind(Date)
  const spy = vi.spyOn(Date, 'now').mockImplementation(() => now() + ms)
  try {
    return await body()
  } finally {
    spy.mockRestore()
  }
}

const edit = (t: TestApp, agentId: string, content: string) =>
  t.call('memory_guideline', 'update', { name: 'Tabs', content }, { agentId })

test.each([3_600_000, -3_600_000])('a change just before is taken for unseen on a clock %i ms ahead', (ms) =>
  withApp(async (t) => {
    await t.call('memory_guideline', 'add', { name: 'Tabs', content: 'Use tabs.' }, { agentId: 'ann' })
    await edit(t, 'ann', 'Use two tabs.')
    const other = await ahead(ms, () => t.secondApp())
    const over = await ahead(ms, () => edit(other, 'bob', 'Use spaces.'))
    expect(over.conflict_id).toEqual(expect.any(String))
  }),
)

test('what is written is stamped by the clock of the database', () =>
  withApp(async (t) => {
    const before = Date.now()
    const other = await ahead(3_600_000, () => t.secondApp())
    const added = await ahead(3_600_000, () =>
      other.call('memory_knowledge', 'add', { name: 'Port', content: '8787' }),
    )
    const { events } = await t.call<{ events: { at: string }[] }>('memory_event', 'list', {})
    expect(events.length).toBeGreaterThan(0)
    for (const time of [added.created_at, ...events.map(({ at }) => at)]) {
      const at = Date.parse(time)
      expect(at).toBeGreaterThan(before - 60_000)
      expect(at).toBeLessThan(Date.now() + 60_000)
    }
  }))

test.each([3_600_000, -3_600_000])(
  'a time from now is by the clock of the database, on one %i ms ahead',
  (ms) =>
    withApp(async (t) => {
      const before = Date.now()
      const other = await ahead(ms, () => t.secondApp())
      const entry = { name: 'Freeze', content: 'No releases.', valid_until: '+30m' }
      const added = await ahead(ms, () => other.call('memory_knowledge', 'add', entry))
      const minutes = (Date.parse(String(added['valid_until'])) - before) / 60_000
      expect(minutes).toBeGreaterThan(29)
      expect(minutes).toBeLessThan(31)
    }),
)

const OVER_REDIS = {
  AGENT_MEMORY_REDIS_ENABLED: 'true',
  AGENT_MEMORY_REDIS_URL: sharedRedisUrl(),
  AGENT_MEMORY_REDIS_REQUIRED: 'true',
}

test.each([
  ['the database alone', {}],
  ['Redis', OVER_REDIS],
])('what is kept ends with its entry on a clock that is behind, over %s', (_where, env) =>
  withApp({ env: { ...env, AGENT_MEMORY_REDIS_KEY_PREFIX: newPrefix() } }, async (t) => {
    const names = async () =>
      (await t.call('memory_query', 'search', { query: 'releases' })).results.map(({ name }) => name)
    const wall = Date.now.bind(Date)
    await ahead(-3_600_000, async () => {
      // On a machine so slow that it was over before it was asked for, with more time.
      for (let ms = 2_000; ; ms *= 2) {
        const ends = wall() + ms
        const { id } = await t.call('memory_knowledge', 'add', {
          ...{ name: 'Freeze', content: 'No releases.' },
          valid_until: new Date(ends).toISOString(),
        })
        const [found, read] = [await names(), await t.call('memory_knowledge', 'get', { id })]
        const isLate = wall() > ends
        if (!isLate) {
          expect(found).toEqual(['Freeze'])
          expect(read).not.toHaveProperty('expired')
        }
        await expect.poll(names, { timeout: 30_000 }).toEqual([])
        expect(await t.call('memory_knowledge', 'get', { id })).toMatchObject({ expired: true })
        if (!isLate) return
        await t.call('memory_knowledge', 'delete', { id })
      }
    })
  }),
)

test('a role whose numbers are rounded writes the right time, and reads a confidence as it was given', () =>
  withApp(async (t) => {
    const url = new URL(databaseEnv(t.dataDir)['AGENT_MEMORY_PG_URL'] ?? '')
    url.searchParams.set('options', `${url.searchParams.get('options')} -c extra_float_digits=-15`)
    const rounded = await t.secondApp({ env: { AGENT_MEMORY_PG_URL: url.href } })
    const before = Date.now()
    const added = await rounded.call('memory_knowledge', 'add', { name: 'Port', content: '8787' })
    const at = Date.parse(added.created_at)
    expect(at).toBeGreaterThan(before - 60_000)
    expect(at).toBeLessThan(Date.now() + 60_000)
    const vote = { task_id: 'task', vote_value: 'yes', confidence: 0.123456789 }
    await rounded.call('memory_voting', 'record_vote', vote, { agentId: 'ann' })
    const stats = await rounded.call('memory_voting', 'get_stats', { task_id: 'task' })
    expect(stats).toMatchObject({ average_confidence: 0.123456789 })
  }))

test.each([3_600_000, -3_600_000])(
  'the end of a lock that another process renewed is reported in time on a clock %i ms ahead',
  (ms) =>
    withApp(async (t) => {
      const reports = async () => {
        const { events } = await t.call<{ events: { type: string }[] }>('memory_event', 'list', {})
        return events.map(({ type }) => type)
      }
      await ahead(ms, async () => {
        const lock = { file_path: '/f', agent_id: 'ann', ttl_ms: 1_000 }
        const [holder, passing] = [await t.secondApp(), await t.secondApp()]
        await holder.call('memory_file_lock', 'checkout', lock)
        await passing.call('memory_file_lock', 'renew', { ...lock, ttl_ms: 2_000 })
        await passing.close()
        const looks = vi.spyOn(EmbeddedLeaseStore.prototype, 'find')
        await expect.poll(reports, { timeout: 15_000 }).toContain('lock.expired')
        // Not over and over in the second that is left.
        expect(looks.mock.calls.length).toBeLessThan(10)
      })
    }),
)
