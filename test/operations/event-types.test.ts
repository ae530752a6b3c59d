import { expect, test } from 'vitest'
import { EVENT_TYPES, type EventType, type MemoryEvent } from '../../src/domain/event.ts'
import { type TestApp, withApp } from '../support/app.ts'
import { testBackend } from '../support/redis-env.ts'

interface Page {
  readonly events: MemoryEvent[]
  readonly last_seq: number
}

const ANN = { agentId: 'ann' }
const call = (t: TestApp, tool: string, action: string, args: object) =>
  t.call<{ id: string; conflict_id: string }>(`memory_${tool}`, action, { ...args }, ANN)
const entry = (t: TestApp) => call(t, 'guideline', 'add', { name: 'n', content: 'old' })
const org = (t: TestApp) => call(t, 'scope', 'create', { scope_type: 'org', name: 'Acme' })
const grantBob = (t: TestApp) =>
  call(t, 'permission', 'grant', { grantee: 'bob', permission: 'read', scope_type: 'global' })
const checkout = (t: TestApp, args: object = {}) =>
  call(t, 'file_lock', 'checkout', { file_path: '/a.ts', ...args })

async function contested(t: TestApp): Promise<string> {
  const { id } = await t.call('memory_guideline', 'add', { name: 'n', content: 'old' }, { agentId: 'bob' })
  return (await call(t, 'guideline', 'update', { id, content: 'from ann' })).conflict_id
}

/** What makes an event of each type: what comes before, and then the act. */
const MAKE: Readonly<Record<EventType, (t: TestApp) => Promise<() => Promise<unknown>>>> = {
  'entry.created': async (t) => () => entry(t),
  'entry.updated': async (t) => {
    const { id } = await entry(t)
    return () => call(t, 'guideline', 'update', { id, content: 'new' })
  },
  'entry.deactivated': async (t) => {
    const { id } = await entry(t)
    return () => call(t, 'guideline', 'deactivate', { id })
  },
  'entry.reactivated': async (t) => {
    const { id } = await entry(t)
    await call(t, 'guideline', 'deactivate', { id })
    return () => call(t, 'guideline', 'reactivate', { id })
  },
  'entry.deleted': async (t) => {
    const { id } = await entry(t)
    return () => call(t, 'guideline', 'delete', { id })
  },
  'scope.created': async (t) => () => org(t),
  'scope.updated': async (t) => {
    const { id } = await org(t)
    return () => call(t, 'scope', 'update', { scope_id: id, name: 'Other' })
  },
  'scope.ended': async (t) => {
    const { id } = await call(t, 'scope', 'start', { scope_type: 'session', name: 'Work' })
    return () => call(t, 'scope', 'end', { scope_id: id })
  },
  'scope.deleted': async (t) => {
    const { id } = await org(t)
    return () => call(t, 'scope', 'delete', { scope_id: id })
  },
  'lock.acquired': async (t) => () => checkout(t),
  'lock.released': async (t) => {
    await checkout(t)
    return () => call(t, 'file_lock', 'checkin', { file_path: '/a.ts' })
  },
  'lock.expired': async (t) => () => checkout(t, { ttl_ms: 100 }),
  'lock.forced': async (t) => {
    await checkout(t)
    return () => call(t, 'file_lock', 'force_unlock', { file_path: '/a.ts', reason: 'gone' })
  },
  'lock.wanted': async (t) => {
    await t.call('memory_file_lock', 'checkout', { file_path: '/a.ts' }, { agentId: 'bob' })
    return () => t.refused('memory_file_lock', 'checkout', { file_path: '/a.ts', wait_ms: 0 }, ANN)
  },
  'call.refused': async (t) => {
    await t.call('memory_file_lock', 'checkout', { file_path: '/a.ts' }, { agentId: 'bob' })
    return () => t.refused('memory_file_lock', 'checkin', { file_path: '/a.ts' }, ANN)
  },
  'vote.recorded': async (t) => () => call(t, 'voting', 'record_vote', { task_id: 't', vote_value: 1 }),
  'vote.decided': async (t) => {
    await call(t, 'voting', 'record_vote', { task_id: 't', vote_value: 1 })
    return () => call(t, 'voting', 'get_consensus', { task_id: 't' })
  },
  'conflict.opened': async (t) => () => contested(t),
  'permission.granted': async (t) => () => grantBob(t),
  'permission.revoked': async (t) => {
    const { id } = await grantBob(t)
    return () => call(t, 'permission', 'revoke', { id })
  },
  'key.created': async (t) => () => t.app.services.apiKeys.create('ann', { agentId: 'bob' }),
  'key.revoked': async (t) => {
    const { id } = await t.app.services.apiKeys.create('ann', { agentId: 'bob' })
    return () => t.app.services.apiKeys.revoke('ann', id)
  },
  'conflict.resolved': async (t) => {
    const id = await contested(t)
    return () => call(t, 'conflict', 'resolve', { id, resolution: 'current' })
  },
  'instance.up': async (t) => async () => t.app.announce(),
  'instance.down': async (t) => {
    t.app.announce()
    return () => t.app.close()
  },
}

/** Without a shared server there is no other instance to get it. */
const isTold = (type: EventType) => testBackend !== 'sqlite' || !type.startsWith('instance.')

test.each(EVENT_TYPES.filter(isTold))('%s is heard by another instance', (type) =>
  withApp(async (t) => {
    const other = await t.secondApp()
    const act = await MAKE[type](t)
    const { last_seq: since } = await other.call<Page>('memory_event', 'list', { types: ['vote.recorded'] })
    const heard = other.call<Page>('memory_event', 'wait', { since, types: [type], timeout_ms: 60_000 })
    await act()
    const { events } = await heard
    expect(events).toHaveLength(1)
    const [event] = events
    const system = type.startsWith('instance.')
    expect(event).toMatchObject({
      v: 1,
      type,
      agent_id: system ? 'system' : 'ann',
      instance_id: t.app.instanceId,
    })
    expect(event?.seq).toBeGreaterThan(since)
    if (testBackend === 'redis')
      expect(event).toMatchObject({ ns: expect.any(String), epoch: expect.any(Number) })
    else expect(event).not.toHaveProperty('ns')
  }),
)

test('an instance says that it serves where others share its server, and only there', () =>
  withApp(async (t) => {
    const other = await t.secondApp()
    t.app.announce()
    await t.app.close()
    const { events } = await other.call<Page>('memory_event', 'list')
    const told = testBackend === 'sqlite' ? [] : ['instance.up', 'instance.down']
    expect(events.map(({ type }) => type)).toEqual(told)
  }))

test('an event takes less than 4 KB, whatever the names and paths are', () =>
  withApp(async (t) => {
    // Characters that JSON writes with six.
    const [ann, bob] = [{ agentId: '\u0001'.repeat(256) }, { agentId: '\u0002'.repeat(256) }]
    const file_path = `/${'"'.repeat(4_095)}`
    const name = '\u0001'.repeat(512)
    const reason = '\u0001'.repeat(500)
    await t.call('memory_file_lock', 'checkout', { file_path }, ann)
    await t.call('memory_file_lock', 'force_unlock', { file_path, reason }, bob)
    const { id } = await t.call('memory_guideline', 'add', { name, content: 'x' }, ann)
    await t.call('memory_guideline', 'delete', { id }, ann)
    await t.call('memory_voting', 'record_vote', { task_id: name, vote_value: 1 }, ann)
    const list = () => t.call<Page>('memory_event', 'list')
    await expect.poll(async () => (await list()).events.length).toBe(6)
    const { events } = await list()
    for (const event of events) expect(Buffer.byteLength(JSON.stringify(event))).toBeLessThan(4_096)
    const forced = events.find((event) => event.type === 'lock.forced')
    expect(forced?.lock).toEqual({ fencing_token: expect.any(Number), left_out: expect.any(Array) })
    expect(forced?.lock?.['left_out']).toEqual(expect.arrayContaining(['file_path', 'reason', 'held_by']))
  }))

test('a path of usual length stays whole', () =>
  withApp(async (t) => {
    const file_path = `/${'a'.repeat(1_500)}`
    await t.call('memory_file_lock', 'checkout', { file_path })
    const list = () => t.call<Page>('memory_event', 'list')
    await expect.poll(async () => (await list()).events[0]?.lock).toMatchObject({ file_path })
  }))
