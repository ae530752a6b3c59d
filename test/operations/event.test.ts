import { expect, test, vi } from 'vitest'
import type { MemoryEvent } from '../../src/domain/event.ts'
import { openTestApp, type TestApp, withApp } from '../support/app.ts'
import { runStatement } from '../support/database.ts'
import { withWorkers } from '../support/process.ts'
import { expectNews } from '../support/redis-env.ts'
import { until } from '../support/until.ts'

const TOOL = 'memory_event'

interface Page {
  readonly events: MemoryEvent[]
  readonly last_seq: number
  readonly next_cursor?: string
  readonly resync?: true
}

const list = (t: TestApp, args: object = {}) => t.call<Page>(TOOL, 'list', { ...args })
const wait = (t: TestApp, args: object = {}, signal?: AbortSignal) =>
  t.call<Page>(TOOL, 'wait', { timeout_ms: 60_000, ...args }, signal ? { signal } : {})
const vote = (t: TestApp, task: string) =>
  t.call('memory_voting', 'record_vote', { task_id: task, vote_value: 'SECRET' })
const types = (page: Page) => page.events.map((event) => event.type)
const seqs = (page: Page) => page.events.map((event) => event.seq)

test('list tells what happened, oldest first, and never what was written', () =>
  withApp(async (t) => {
    expect(await list(t)).toEqual({ events: [], last_seq: 0 })
    const entry = await t.call('memory_knowledge', 'add', { name: 'SECRET-name', content: 'SECRET' })
    await t.call(
      'memory_knowledge',
      'update',
      { id: entry['id'], content: 'SECRET two' },
      { agentId: 'other' },
    )
    await vote(t, 'task')
    const page = await list(t)
    expect(types(page)).toEqual(
      expect.arrayContaining(['scope.created', 'entry.created', 'entry.updated', 'vote.recorded']),
    )
    expect(seqs(page)).toEqual(page.events.map((_, place) => place + 1))
    expect(page.last_seq).toBe(page.events.length)
    expect(JSON.stringify(page)).not.toContain('SECRET')
    const updated = page.events.find((event) => event.type === 'entry.updated')
    expect(updated).toMatchObject({
      v: 1,
      scope: { type: 'project', id: entry['scope_id'] },
      entry: { type: 'knowledge', id: entry['id'], version: 2 },
      versions: { [`project:${String(entry['scope_id'])}/knowledge`]: 2 },
      agent_id: 'other',
      instance_id: t.app.instanceId,
    })
    expect(page.events.at(-1)).toMatchObject({
      scope: { type: 'global', id: null },
      detail: { task_id: 'task' },
      versions: {},
    })
  }))

test('the event of a lock says which path and token, and not what it is for', () =>
  withApp(async (t) => {
    const lock = await t.call<{ file_path: string; fencing_token: number }>('memory_file_lock', 'checkout', {
      file_path: 'a.ts',
      purpose: 'SECRET',
    })
    await t.call('memory_file_lock', 'checkin', { file_path: 'a.ts' })
    const locks = () => list(t, { types: ['lock.*'] })
    await expectNews(async () => types(await locks()), ['lock.acquired', 'lock.released'])
    const page = await locks()
    const { file_path, fencing_token } = lock
    for (const event of page.events) expect(event.lock).toEqual({ file_path, fencing_token })
    expect(page.events[0]).not.toHaveProperty('detail')
    expect(JSON.stringify(page)).not.toContain('SECRET')
  }))

test('list goes on after since, and by pages', () =>
  withApp(async (t) => {
    for (const task of ['a', 'b', 'c', 'd', 'e']) await vote(t, task)
    expect(seqs(await list(t, { since: 3 }))).toEqual([4, 5])
    expect(await list(t, { since: 5 })).toEqual({ events: [], last_seq: 5 })
    const first = await list(t, { limit: 2 })
    expect([seqs(first), first.last_seq]).toEqual([[1, 2], 2])
    const second = await list(t, { limit: 2, cursor: first.next_cursor })
    expect([seqs(second), second.last_seq]).toEqual([[3, 4], 4])
    const third = await list(t, { limit: 2, since: second.last_seq })
    expect([seqs(third), third.last_seq, third.next_cursor]).toEqual([[5], 5, undefined])
  }))

test('types and scopes narrow what is shown; last_seq passes over what was left out', () =>
  withApp(async (t) => {
    const entry = await t.call('memory_guideline', 'add', { name: 'a', content: 'b' })
    const wide = await t.call('memory_guideline', 'add', { name: 'a', content: 'b', scope_type: 'global' })
    await t.call('memory_guideline', 'deactivate', { id: entry['id'] })
    await vote(t, 'task')
    const all = await list(t)
    const only = async (args: object) => {
      const page = await list(t, args)
      expect(page.last_seq).toBe(all.last_seq)
      return types(page)
    }
    expect(await only({ types: ['entry.deactivated', 'vote.recorded'] })).toEqual([
      'entry.deactivated',
      'vote.recorded',
    ])
    expect(await only({ types: ['entry.*'] })).toEqual([
      'entry.created',
      'entry.created',
      'entry.deactivated',
    ])
    expect(await only({ types: ['lock.*'] })).toEqual([])
    expect(await only({ scope_id: entry['scope_id'], types: ['entry.*'] })).toEqual([
      'entry.created',
      'entry.deactivated',
    ])
    expect(await only({ scope_type: 'global' })).toEqual(['entry.created', 'vote.recorded'])
    expect(await only({ scope_type: 'global', scope_id: 'global' })).toEqual([
      'entry.created',
      'vote.recorded',
    ])
    const [first] = (await list(t, { scope_type: 'global', types: ['entry.created'], limit: 1 })).events
    expect(first?.entry?.id).toBe(wide['id'])
  }))

test('wait answers at once with what is there already, and otherwise with the next event', () =>
  withApp(async (t) => {
    await vote(t, 'a')
    expect(seqs(await wait(t, { since: 0 }))).toEqual([1])
    const waiting = wait(t, { since: 1 })
    await vote(t, 'b')
    const page = await waiting
    expect([seqs(page), page.last_seq]).toEqual([[2], 2])
  }))

test('wait without since begins now', () =>
  withApp(async (t) => {
    await vote(t, 'old')
    const waiting = await listening(t, () => wait(t, { types: ['vote.*'] }))
    await vote(t, 'new')
    expect((await waiting.call).events).toMatchObject([{ detail: { task_id: 'new' } }])
  }))

test('wait passes over what its filter leaves out, and says how far it has read', () =>
  withApp(async (t) => {
    const waiting = wait(t, { since: 0, types: ['entry.created'], scope_type: 'global' })
    for (const task of ['a', 'b']) await vote(t, task)
    await t.call('memory_guideline', 'add', { name: 'a', content: 'b', scope_type: 'global' })
    const page = await waiting
    expect([types(page), page.last_seq]).toEqual([['entry.created'], 3])
    await vote(t, 'c')
    expect(await wait(t, { since: 3, types: ['entry.created'], timeout_ms: 30 })).toEqual({
      events: [],
      last_seq: 4,
    })
  }))

test('a burst larger than one answer is given in turn, none left out', () =>
  withApp(async (t) => {
    const entries = Array.from({ length: 250 }, (_, i) => ({ name: `entry ${i}`, content: 'x' }))
    const first = wait(t, { since: 0 })
    await t.call('memory_knowledge', 'bulk_add', { entries, scope_type: 'global' })
    const seen: number[] = []
    for (
      let page = await first;
      page.events.length > 0;
      page = await wait(t, { since: page.last_seq, timeout_ms: 0 })
    ) {
      seen.push(...seqs(page))
    }
    expect(seen).toEqual(Array.from({ length: 250 }, (_, i) => i + 1))
  }))

test('a time-out, a cancelled call and a shutdown all end a wait with no events', async () => {
  const t = await openTestApp()
  await vote(t, 'a')
  expect(await wait(t, { timeout_ms: 0 })).toEqual({ events: [], last_seq: 1 })
  const controller = new AbortController()
  const cancelled = await listening(t, () => wait(t, { since: 1 }, controller.signal))
  controller.abort()
  expect(await cancelled.call).toEqual({ events: [], last_seq: 1 })
  expect(await wait(t, { since: 1 }, AbortSignal.abort())).toEqual({ events: [], last_seq: 1 })
  const interrupted = await listening(t, () => wait(t, { since: 1 }))
  await t.close()
  expect(await interrupted.call).toEqual({ events: [], last_seq: 1 })
})

test('events that are gone are said to be: resync', () =>
  withApp(async (t) => {
    for (const task of ['a', 'b', 'c', 'd']) await vote(t, task)
    await runStatement(t.dataDir, 'delete from change_log where id <= 2')
    expect(await list(t, { since: 1 })).toMatchObject({
      resync: true,
      events: [{ seq: 3 }, { seq: 4 }],
      last_seq: 4,
    })
    expect(await list(t, { since: 2 })).not.toHaveProperty('resync')
    expect(await list(t)).not.toHaveProperty('resync')
    expect(await list(t, { since: 99 })).toEqual({ events: [], last_seq: 4, resync: true })
    expect(await wait(t, { since: 99 })).toEqual({ events: [], last_seq: 4, resync: true })
    expect(await wait(t, { since: 0 })).toMatchObject({ resync: true, last_seq: 4 })
  }))

test.each([
  ['list', { since: -1 }, 'since'],
  ['list', { since: 'one' }, 'since'],
  ['list', { types: ['entry.made'] }, 'entry.created'],
  ['list', { types: [{}] }, 'types'],
  ['list', { limit: 101 }, 'limit'],
  ['list', { cursor: Buffer.from('["x"]').toString('base64url') }, 'cursor'],
  ['list', { cursor: '%' }, 'cursor'],
  ['wait', { timeout_ms: 60_001 }, 'timeout_ms'],
  ['wait', { timeout_ms: -1 }, 'timeout_ms'],
])('%s %j is refused, with the argument named', (action, args, text) =>
  withApp(async (t) => {
    const error = await t.refused(TOOL, action, args)
    expect(error.name).toBe('INVALID_PARAMETER')
    expect(error.message).toContain(text)
  }),
)

test('a write in one process wakes a wait in another, both ways', () =>
  withApp((t) =>
    withWorkers({ dataDir: t.dataDir, count: 1 }, async (worker) => {
      const here = wait(t, { since: 0 })
      await worker.call('memory_voting', 'record_vote', { task_id: 'there', vote_value: 1 })
      expect((await here).events).toMatchObject([
        { type: 'vote.recorded', agent_id: 'worker-1', detail: { task_id: 'there' } },
      ])
      const there = worker.call<Page>(TOOL, 'wait', { since: 1, timeout_ms: 60_000 })
      await vote(t, 'here')
      expect((await there).events).toMatchObject([
        { seq: 2, agent_id: 'tester', detail: { task_id: 'here' } },
      ])
    }),
  ))

test('a wait in another process ends with its cancellation', () =>
  withApp((t) =>
    withWorkers({ dataDir: t.dataDir, count: 1 }, async (worker) => {
      const controller = new AbortController()
      const waiting = worker.call<Page>(
        TOOL,
        'wait',
        { since: 0, timeout_ms: 60_000 },
        { signal: controller.signal },
      )
      await worker.call('memory_health', null)
      controller.abort()
      expect(await waiting).toEqual({ events: [], last_seq: 0 })
      const last = worker.call<Page>(TOOL, 'wait', { since: 0, timeout_ms: 60_000 })
      await worker.call('memory_health', null)
      const stopped = worker.stop()
      expect(await last).toEqual({ events: [], last_seq: 0 })
      await stopped
    }),
  ))

test('a reader that passes last_seq on misses nothing, whatever two other processes write meanwhile', () =>
  withApp((t) =>
    withWorkers({ dataDir: t.dataDir, count: 2 }, async (one, two) => {
      const each = 40
      const writes = [one, two].flatMap((worker) =>
        Array.from({ length: each }, (_, i) =>
          worker.call('memory_voting', 'record_vote', { task_id: `t${i}`, vote_value: i }),
        ),
      )
      const seen: number[] = []
      for (let since = 0; seen.length < 2 * each; ) {
        const page = await wait(t, { since })
        expect(page.events.length).toBeGreaterThan(0)
        seen.push(...seqs(page))
        since = page.last_seq
      }
      await Promise.all(writes)
      expect(seen).toEqual(Array.from({ length: 2 * each }, (_, i) => i + 1))
    }),
  ))

/** Begins a call that waits, and comes back when it listens. */
async function listening<T>(t: TestApp, begin: () => Promise<T>): Promise<{ call: Promise<T> }> {
  const subscribe = vi.spyOn(t.app.services.events, 'subscribe')
  const call = begin()
  const subscribed = await until('the call listens', () => subscribe.mock.results[0])
  await subscribed.value
  subscribe.mockRestore()
  return { call }
}

test('without a scope those of the current project, what it inherits and its sessions, and none of another one', () =>
  withApp(async (t) => {
    const other = { workspace: { project: 'other', root: null, pathRoot: t.workspace.pathRoot } }
    await t.call('memory_knowledge', 'add', { name: 'theirs', content: 'c' }, other)
    await t.call('memory_scope', 'start', { name: 'their session' }, other)
    await t.call('memory_knowledge', 'add', { name: 'wide', content: 'c', scope_type: 'global' })
    const here = await t.call<{ scope_id: string }>('memory_knowledge', 'add', { name: 'ours', content: 'c' })
    const session = await t.call<{ id: string }>('memory_scope', 'start', { name: 'our session' })
    const turns = [{ content: 'a turn' }]
    await t.call('memory_scope', 'log', { session_id: session.id, turns })
    const { events } = await t.call<{ events: { scope: { id: string | null } }[] }>('memory_event', 'list')
    const scopes = new Set(events.map(({ scope }) => scope.id))
    expect([...scopes].sort()).toEqual([here.scope_id, null, session.id].sort())
    const waited = t.call<{ events: object[] }>('memory_event', 'wait', { types: ['entry.created'] })
    await t.call('memory_knowledge', 'add', { name: 'theirs too', content: 'c' }, other)
    await t.call('memory_knowledge', 'add', { name: 'ours too', content: 'c' })
    expect((await waited).events).toMatchObject([{ scope: { id: here.scope_id } }])
  }))
