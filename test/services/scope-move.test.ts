import { expect, test } from 'vitest'
import { type TestApp, withApp } from '../support/app.ts'

interface Moved {
  readonly id: string
  readonly root_path: string | null
  readonly merged: boolean
  readonly moved: number
  readonly identical: number
  readonly conflicts: number
}

const project = async (t: TestApp, name: string, root_path: string) =>
  (await t.call<{ id: string }>('memory_scope', 'create', { scope_type: 'project', name, root_path })).id
const add = (t: TestApp, scope_id: string, name: string, content: string, agentId = 'tester') =>
  t.call<{ id: string }>(
    'memory_knowledge',
    'add',
    { scope_type: 'project', scope_id, name, content },
    { agentId },
  )
const listed = async (t: TestApp, scope_id: string) =>
  (
    await t.call<{ entries: { name: string; content: string }[] }>('memory_knowledge', 'list', {
      scope_type: 'project',
      scope_id,
      inherit: false,
    })
  ).entries.map(({ name, content }) => `${name}: ${content}`)

test('a project goes to another folder, by its old folder, its name or its id', () =>
  withApp(async (t) => {
    const id = await project(t, 'shop', '/srv/old')
    for (const [from, to] of [
      ['/srv/old', '/srv/new'],
      ['shop', '/srv/newer/'],
      [id, '/srv/newest'],
    ])
      expect(await t.call<Moved>('memory_scope', 'move', { from, to })).toMatchObject({ id, merged: false })
    expect(await t.call('memory_scope', 'get', { scope_type: 'project', scope_id: id })).toMatchObject({
      root_path: '/srv/newest',
      version: 4,
    })
    expect((await t.refused('memory_scope', 'move', { from: id, to: 'elsewhere' })).name).toBe('NOT_FOUND')
    expect((await t.refused('memory_scope', 'move', { from: '/srv/old', to: id })).name).toBe('NOT_FOUND')
    expect((await t.refused('memory_scope', 'move', { from: id, to: '/srv/newest' })).message).toContain(
      'same',
    )
  }))

test('into a project that has been started meanwhile, entry by entry: nothing is lost', () =>
  withApp(async (t) => {
    const [old, now] = [await project(t, 'old', '/srv/old'), await project(t, 'now', '/srv/now')]
    const moving = await add(t, old, 'only old', 'a')
    await t.call('memory_knowledge', 'update', { id: moving.id, content: 'aa' })
    await add(t, old, 'both', 'same')
    await add(t, now, 'both', 'same')
    const theirs = await add(t, old, 'db', 'we use MySQL', 'ann')
    await add(t, now, 'db', 'we use PostgreSQL')
    const session = await t.call<{ id: string }>('memory_scope', 'start', {
      scope_type: 'session',
      project_id: old,
      name: 'Work',
    })
    expect(await t.call<Moved>('memory_scope', 'move', { from: 'old', to: 'now' })).toMatchObject({
      id: now,
      merged: true,
      moved: 1,
      identical: 1,
      conflicts: 1,
    })
    expect((await listed(t, now)).sort()).toEqual(
      ['both: same', 'db (old): we use MySQL', 'db: we use PostgreSQL', 'only old: aa'].sort(),
    )
    const { versions } = await t.call<{ versions: unknown[] }>('memory_knowledge', 'history', {
      id: moving.id,
    })
    expect(versions).toHaveLength(3)
    const { conflicts } = await t.call<{ conflicts: Record<string, unknown>[] }>('memory_conflict', 'list', {
      scope_type: 'project',
      scope_id: now,
    })
    expect(conflicts).toMatchObject([{ incoming_agent: 'ann' }])
    const { results } = await t.call<{ results: { id: string }[] }>('memory_query', 'search', {
      query: 'MySQL',
      scope_type: 'project',
      scope_id: now,
    })
    expect(results.map(({ id }) => id)).toContain(theirs.id)
    expect(
      await t.call('memory_scope', 'get', { scope_type: 'session', scope_id: session.id }),
    ).toMatchObject({
      parent_id: now,
    })
    expect((await t.refused('memory_scope', 'get', { scope_type: 'project', scope_id: old })).name).toBe(
      'NOT_FOUND',
    )
  }))

test('votes go along: of an agent that has voted in both the later vote stands, and what was decided there', () =>
  withApp(async (t) => {
    const [old, now] = [await project(t, 'old', '/srv/old'), await project(t, 'now', '/srv/now')]
    const vote = async (scope_id: string, agentId: string, vote_value: string, task_id = 'both') => {
      const ballot = { task_id, scope_id, vote_value }
      const { updated_at } = await t.call('memory_voting', 'record_vote', ballot, { agentId })
      // The next one is later, also where two calls take less than the clock's unit.
      while (Date.now() <= Date.parse(updated_at)) await new Promise(setImmediate)
    }
    const ask = (scope_id: string, task_id = 'both') =>
      t.call('memory_voting', 'get_consensus', { task_id, scope_id })
    await vote(old, 'ann', 'earlier')
    await vote(now, 'ann', 'later')
    await vote(now, 'bob', 'earlier')
    await vote(old, 'bob', 'later')
    await vote(old, 'cid', 'later')
    await vote(old, 'ann', 'yes', 'only old')
    await ask(old, 'only old')
    await vote(old, 'ann', 'no', 'only old')
    await t.call('memory_scope', 'move', { from: old, to: now })
    expect(await ask(now)).toMatchObject({ votes: 3, tally: [{ value: 'later', votes: 3 }] })
    expect(await ask(now, 'only old')).toMatchObject({
      winning_value: 'yes',
      tally: [{ value: 'no', votes: 1 }],
    })
    expect(await t.call('memory_voting', 'get_stats')).toMatchObject({ tasks: 2, votes: 4 })
  }))
