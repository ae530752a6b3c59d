import { expect, test } from 'vitest'
import { TOOL_LIST } from '../../src/transports/mcp/tools/tool-list.ts'
import { withApp } from '../support/app.ts'

// What people look at: every scope, every type, every question at once.

interface Made {
  readonly id: string
}
interface Named {
  readonly name: string
}

test('the tree counts what each scope holds itself, the global one first, in pages', () =>
  withApp(async (t) => {
    const org = await t.call<Made>('memory_scope', 'create', { scope_type: 'org', name: 'Acme' })
    const shop = await t.call<Made>('memory_scope', 'create', {
      scope_type: 'project',
      name: 'shop',
      org_id: org.id,
    })
    const at = { scope_type: 'project', scope_id: shop.id }
    await t.call('memory_guideline', 'add', { ...at, name: 'One', content: 'first' })
    await t.call('memory_guideline', 'add', { ...at, name: 'Two', content: 'second' })
    await t.call('memory_knowledge', 'add', { ...at, name: 'Gone', content: 'third' })
    await t.call('memory_knowledge', 'deactivate', { ...at, name: 'Gone' })
    await t.call('memory_guideline', 'update', { ...at, name: 'One', content: 'mine' }, { agentId: 'ann' })

    const first = await t.call('memory_scope', 'tree', { limit: 2 })
    expect(first).toMatchObject({
      scopes: [
        { id: null, scope_type: 'global', parent_id: null, entries: {}, open_conflicts: 0 },
        {
          id: shop.id,
          scope_type: 'project',
          parent_id: org.id,
          entries: { guideline: 2 },
          open_conflicts: 1,
        },
      ],
    })
    const second = await t.call('memory_scope', 'tree', { limit: 2, cursor: first['next_cursor'] })
    expect(second).toMatchObject({ scopes: [{ id: org.id, scope_type: 'org', parent_id: null }] })
    expect(second).not.toHaveProperty('next_cursor')
  }))

test('entries of all types are listed and found everywhere, and got by id alone', () =>
  withApp(async (t) => {
    const shop = await t.call<Made>('memory_scope', 'create', { scope_type: 'project', name: 'shop' })
    const at = { scope_type: 'project', scope_id: shop.id }
    const rule = await t.call<Made>('memory_guideline', 'add', { ...at, name: 'Port', content: 'turnips' })
    await t.call('memory_knowledge', 'add', { scope_type: 'global', name: 'Port', content: 'turnips too' })
    const session = await t.call<Made>('memory_scope', 'start', { project_id: shop.id, name: 'Monday' })
    await t.call('memory_scope', 'log', { session_id: session.id, turns: [{ content: 'saw turnips' }] })

    const listed = await t.call<{ entries: Named[] }>('memory_query', 'list', { everywhere: true })
    expect(listed.entries.map((entry) => (entry as Named & { type: string }).type).sort()).toEqual([
      'guideline',
      'knowledge',
      'observation',
    ])
    const here = await t.call<{ entries: Named[] }>('memory_query', 'list', { ...at, inherit: false })
    expect(here.entries).toMatchObject([{ id: rule.id }])
    const page = await t.call('memory_query', 'list', { everywhere: true, limit: 2 })
    const rest = await t.call<{ entries: Named[] }>('memory_query', 'list', {
      everywhere: true,
      limit: 2,
      cursor: page['next_cursor'],
    })
    expect(rest.entries).toHaveLength(1)

    const found = await t.call<{ results: Named[] }>('memory_query', 'search', {
      query: 'turnips',
      everywhere: true,
    })
    expect(found.results).toHaveLength(3)
    const near = await t.call<{ results: Named[] }>('memory_query', 'search', {
      query: 'turnips',
      scope_type: 'global',
      include_sessions: false,
    })
    expect(near.results).toHaveLength(1)
    expect(await t.call('memory_query', 'get', { id: rule.id })).toMatchObject({ type: 'guideline' })
    expect(await t.refused('memory_query', 'get', { id: 'nothing' })).toMatchObject({ name: 'NOT_FOUND' })
  }))

test('questions are listed with their tallies, the latest vote first, in pages', () =>
  withApp(async (t) => {
    const vote = (task_id: string, vote_value: unknown, agentId: string) =>
      t.call('memory_voting', 'record_vote', { task_id, vote_value }, { agentId })
    await vote('database', 'postgres', 'ann')
    await vote('database', 'postgres', 'bob')
    await vote('database', 'sqlite', 'cy')
    await vote('name', { first: 'a' }, 'ann')
    const [first, second] = [
      await t.call('memory_voting', 'list_tasks', { limit: 1 }),
      await t.call('memory_voting', 'list_tasks'),
    ]
    expect(second['tasks']).toHaveLength(2)
    expect(second['tasks']).toContainEqual(
      expect.objectContaining({
        task_id: 'database',
        votes: 3,
        values: 2,
        tally: [
          { value: 'postgres', votes: 2 },
          { value: 'sqlite', votes: 1 },
        ],
      }),
    )
    const next = await t.call<{ tasks: object[] }>('memory_voting', 'list_tasks', {
      limit: 1,
      cursor: first['next_cursor'],
    })
    expect(next.tasks).toHaveLength(1)
    expect(next).not.toHaveProperty('next_cursor')
  }))

test('locks are listed with their queues where that is asked for', () =>
  withApp(async (t) => {
    await t.call('memory_file_lock', 'checkout', { file_path: '/srv/a.ts' }, { agentId: 'ann' })
    const given = new AbortController()
    const waiting = t
      .call(
        'memory_file_lock',
        'checkout',
        { file_path: '/srv/a.ts', wait_ms: 60_000 },
        { agentId: 'bob', signal: given.signal },
      )
      .catch(() => {})
    await expect
      .poll(() => t.call('memory_file_lock', 'list', { queues: true }))
      .toMatchObject({ locks: [{ agent_id: 'ann', queue: ['bob'] }] })
    const [lock] = (await t.call<{ locks: object[] }>('memory_file_lock', 'list')).locks
    expect(lock).not.toHaveProperty('queue')
    given.abort()
    await waiting
  }))

test('overviews are not in the list that every agent reads at its start', () => {
  const actions = TOOL_LIST.flatMap(({ inputSchema }) => inputSchema.properties['action']?.enum ?? [])
  for (const action of ['tree', 'list_tasks']) expect(actions).not.toContain(action)
  expect(actions).toContain('get_consensus')
})
