import { describe, expect, test } from 'vitest'
import { type TestApp, withApp } from '../support/app.ts'

const TOOL = 'memory_guideline'
const a = { agentId: 'a' }
const b = { agentId: 'b' }

async function addOne(t: TestApp, more: object = {}): Promise<string> {
  const entry = { name: 'n', content: 'old', rationale: 'r', ...more }
  const { id } = await t.call<{ id: string }>(TOOL, 'add', entry, a)
  return id
}

test('changes to different fields merge', async () => {
  await withApp(async (t) => {
    const id = await addOne(t)
    await t.call(TOOL, 'update', { id, content: 'from a', base_version: 1 }, a)
    const merged = await t.call(TOOL, 'update', { id, rationale: 'from b', base_version: 1 }, b)
    expect(merged).toMatchObject({ content: 'from a', rationale: 'from b', version: 3, merged: true })
    expect(await t.call('memory_conflict', 'list', {})).toMatchObject({ conflicts: [] })
  })
})

test('a clash with an agent’s own change says that it is its own, and when it was made', () =>
  withApp(async (t) => {
    const id = await addOne(t)
    const { updated_at: at } = await t.call(TOOL, 'update', { id, content: 'first', base_version: 1 }, a)
    const change = { id, content: 'second', base_version: 1 }
    expect(await t.refused(TOOL, 'update', change, a)).toMatchObject({
      name: 'CONFLICT',
      message: `You yourself (${at}) changed content since version 1; the entry is at version 2.`,
      details: { changed_by: 'a' },
    })
    expect((await t.refused(TOOL, 'update', change, b)).message).toMatch(/^Another agent changed content/)
  }))

describe('compare-and-set', () => {
  /** A field of each kind, with the value that two agents want to give it. */
  const CHANGES: object[] = [
    { content: 'taken' },
    { priority: 2 },
    { tags: ['b'] },
    { metadata: { owner: 'x' } },
    { category: 'style' },
    { name: 'renamed' },
    { unset: ['rationale'] },
  ]
  const full = { rationale: 'why', category: 'test', tags: ['a'], metadata: {} }

  test.each(CHANGES)('%j by a second agent on the same base is refused', (change) =>
    withApp(async (t) => {
      const id = await addOne(t, full)
      expect(await t.call(TOOL, 'update', { id, ...change, base_version: 1 }, a)).not.toHaveProperty('merged')
      const error = await t.refused(TOOL, 'update', { id, ...change, base_version: 1 }, b)
      expect(error).toMatchObject({ name: 'CONFLICT', details: { current_version: 2, changed_by: 'a' } })
    }),
  )

  test.each(CHANGES)(
    '%j sent again by the agent whose version stands is acknowledged and changes nothing',
    (change) =>
      withApp(async (t) => {
        const id = await addOne(t, full)
        const first = await t.call(TOOL, 'update', { id, ...change, base_version: 1 }, a)
        expect(await t.call(TOOL, 'update', { id, ...change, base_version: 1 }, a)).toEqual(first)
        expect(await t.call('memory_conflict', 'list')).toMatchObject({ conflicts: [] })
      }),
  )

  test('a repeat is refused once another change was built on the first one', () =>
    withApp(async (t) => {
      const id = await addOne(t)
      await t.call(TOOL, 'update', { id, content: 'mine', base_version: 1 }, a)
      await t.call(TOOL, 'update', { id, priority: 9, base_version: 2 }, b)
      const error = await t.refused(TOOL, 'update', { id, content: 'mine', base_version: 1 }, a)
      expect(error.name).toBe('CONFLICT')
    }))

  test('a field that was changed and changed back counts as changed', () =>
    withApp(async (t) => {
      const id = await addOne(t)
      await t.call(TOOL, 'update', { id, content: 'taken', base_version: 1 }, a)
      await t.call(TOOL, 'update', { id, content: 'old', base_version: 2 }, a)
      const error = await t.refused(TOOL, 'update', { id, content: 'taken by b', base_version: 1 }, b)
      expect(error.name).toBe('CONFLICT')
    }))

  test.each(['delete', 'rename'])(
    'by name, a version read before a %s never fits the entry made anew',
    (how) =>
      withApp(async (t) => {
        const id = await addOne(t)
        const { name } = await t.call<{ name: string }>(
          TOOL,
          'update',
          { id, content: 'second', base_version: 1 },
          a,
        )
        if (how === 'delete') await t.call(TOOL, 'delete', { id })
        else await t.call(TOOL, 'update', { id, name: 'elsewhere' }, a)
        const anew = await t.call<{ version: number }>(TOOL, 'add', { name, content: 'another' }, b)
        for (const base_version of [1, 2])
          expect((await t.refused(TOOL, 'update', { name, content: 'stale', base_version }, a)).name).toBe(
            'CONFLICT',
          )
        const { version } = anew
        expect(
          await t.call(TOOL, 'update', { name, content: 'fresh', base_version: version }, a),
        ).toMatchObject({
          content: 'fresh',
        })
      }),
  )
})

test('a conflict of an entry that has moved on is settled only by a caller that says which version it saw', () =>
  withApp(async (t) => {
    const { id, conflict } = await openConflict(t)
    await t.call(TOOL, 'update', { id, content: 'newer words' }, a)
    const choice = { id: conflict, resolution: 'incoming' }
    const error = await t.refused('memory_conflict', 'resolve', choice, b)
    expect(error).toMatchObject({
      name: 'CONFLICT',
      details: { current_version: 3, current: { content: 'newer words' } },
    })
    const seen = { ...choice, base_version: 3 }
    expect(await t.call('memory_conflict', 'resolve', seen, b)).toMatchObject({ entry: { version: 4 } })
  }))

test('changes to the same field are refused, and both texts are kept', async () => {
  await withApp(async (t) => {
    const id = await addOne(t)
    await t.call(TOOL, 'update', { id, content: 'from a', base_version: 1 }, a)
    const error = await t.refused(
      TOOL,
      'update',
      { id, content: 'from b', rationale: 'b too', base_version: 1 },
      b,
    )
    expect(error).toMatchObject({ code: 'E2002', details: { current_version: 2, fields: ['content'] } })
    expect(await t.call(TOOL, 'get', { id })).toMatchObject({ content: 'from a', rationale: 'r', version: 2 })
    const { conflicts } = await t.call<{ conflicts: { id: string }[] }>('memory_conflict', 'list', {})
    expect(conflicts).toMatchObject([
      {
        id: error.details?.['conflict_id'],
        entry_id: id,
        kind: 'refused',
        current_values: { content: 'from a' },
        incoming_values: { content: 'from b' },
        current_agent: 'a',
        incoming_agent: 'b',
      },
    ])
  })
})

test('a conflict names the agent that changed the field, not the writer of the current version', async () => {
  await withApp(async (t) => {
    const id = await addOne(t)
    const change = (patch: object, agentId: string) => t.call(TOOL, 'update', { id, ...patch }, { agentId })
    await change({ content: 'from a', base_version: 1 }, 'a')
    // More of them than are looked at in one step.
    for (let priority = 1; priority <= 25; priority++)
      await change({ priority, base_version: priority + 1 }, 'b')
    const clash = { id, content: 'from c', base_version: 1 }
    const error = await t.refused(TOOL, 'update', clash, { agentId: 'c' })
    expect(error.details).toMatchObject({ changed_by: 'a', fields: ['content'], current_version: 27 })
    const found = await t.call('memory_conflict', 'get', { id: error.details?.['conflict_id'] })
    expect(found).toMatchObject({ current_agent: 'a', incoming_agent: 'c' })
  })
})

test('of several agents that changed the fields, the last one is named, and another one before the caller', async () => {
  await withApp(async (t) => {
    const id = await addOne(t)
    await t.call(TOOL, 'update', { id, content: 'from a' }, a)
    await t.call(TOOL, 'update', { id, rationale: 'from b' }, b)
    const clash = { id, content: 'x', rationale: 'x', base_version: 1 }
    const changedBy = async (agentId: string) =>
      (await t.refused(TOOL, 'update', clash, { agentId })).details?.['changed_by']
    expect([await changedBy('a'), await changedBy('b'), await changedBy('c')]).toEqual(['b', 'a', 'b'])
  })
})

async function openConflict(t: TestApp): Promise<{ id: string; conflict: string }> {
  const id = await addOne(t)
  await t.call(TOOL, 'update', { id, content: 'from a', base_version: 1 }, a)
  const error = await t.refused(TOOL, 'update', { id, content: 'from b', base_version: 1 }, b)
  return { id, conflict: String(error.details?.['conflict_id']) }
}

test.each([
  ['current', {}, 'from a', 2],
  ['incoming', {}, 'from b', 3],
  ['merged', { content: 'of both' }, 'of both', 3],
] as const)('a conflict is settled with %s', async (resolution, extra, content, version) => {
  await withApp(async (t) => {
    const { id, conflict } = await openConflict(t)
    const settled = await t.call('memory_conflict', 'resolve', { id: conflict, resolution, ...extra })
    expect(settled).toMatchObject({ status: 'resolved', resolution, entry: { content, version } })
    expect(await t.call(TOOL, 'get', { id })).toMatchObject({ content, version })
    expect(await t.call('memory_conflict', 'list', {})).toMatchObject({ conflicts: [] })
    expect(await t.call('memory_conflict', 'list', { status: 'resolved' })).toMatchObject({
      conflicts: [{ id: conflict }],
    })
    const again = await t.refused('memory_conflict', 'resolve', { id: conflict, resolution: 'current' })
    expect(again).toMatchObject({ name: 'CONFLICT' })
  })
})

test('keeping the current side leaves later changes alone', async () => {
  await withApp(async (t) => {
    const { id, conflict } = await openConflict(t)
    await t.call(TOOL, 'update', { id, content: 'newer', base_version: 2 }, a)
    await t.call('memory_conflict', 'resolve', { id: conflict, resolution: 'current' })
    expect(await t.call(TOOL, 'get', { id })).toMatchObject({ content: 'newer', version: 3 })
  })
})

test('merged needs every field in conflict, of the right kind, and no other', async () => {
  await withApp(async (t) => {
    const { conflict } = await openConflict(t)
    const refused = async (args: object) =>
      (await t.refused('memory_conflict', 'resolve', { id: conflict, resolution: 'merged', ...args })).name
    expect(await refused({})).toBe('MISSING_FIELD')
    expect(await refused({ merged: { priority: 3 } })).toBe('INVALID_PARAMETER')
    expect(await refused({ merged: { content: 7 } })).toBe('INVALID_PARAMETER')
    expect((await t.refused('memory_conflict', 'get', { id: 'nope' })).name).toBe('NOT_FOUND')
  })
})

test("without base_version the last writer wins, and another agent's fresh words are kept", async () => {
  await withApp(async (t) => {
    const id = await addOne(t)
    await t.call(TOOL, 'update', { id, content: 'from a' }, a)
    const own = await t.call(TOOL, 'update', { id, content: 'from a again' }, a)
    expect(own).not.toHaveProperty('conflict_id')
    const won = await t.call<{ conflict_id: string }>(TOOL, 'update', { id, content: 'from b' }, b)
    expect(won).toMatchObject({ content: 'from b' })
    const conflict = await t.call('memory_conflict', 'get', { id: won.conflict_id })
    expect(conflict).toMatchObject({ kind: 'overwritten', current_values: { content: 'from a again' } })
    await t.call('memory_conflict', 'resolve', { id: won.conflict_id, resolution: 'current' })
    expect(await t.call(TOOL, 'get', { id })).toMatchObject({ content: 'from a again' })
  })
})

test('without base_version only words of another agent that were overwritten make a conflict', async () => {
  await withApp(async (t) => {
    const id = await addOne(t)
    await t.call(TOOL, 'update', { id, priority: 7 }, b)
    expect(await t.call(TOOL, 'update', { id, content: 'own' }, a)).not.toHaveProperty('conflict_id')
    await t.call(TOOL, 'update', { id, rationale: 'from c' }, { agentId: 'c' })
    const over = { id, priority: 8, rationale: 'from d' }
    const { conflict_id } = await t.call(TOOL, 'update', over, { agentId: 'd' })
    const conflict = await t.call('memory_conflict', 'get', { id: conflict_id })
    expect(conflict).toMatchObject({ current_agent: 'c', fields: ['rationale', 'priority'] })
  })
})

test('a base_version from the future is refused', async () => {
  await withApp(async (t) => {
    const id = await addOne(t)
    expect(await t.refused(TOOL, 'update', { id, content: 'x', base_version: 9 })).toMatchObject({
      name: 'INVALID_PARAMETER',
    })
  })
})

test('without a scope the conflicts of the current project are listed, of another one when it is asked for', () =>
  withApp(async (t) => {
    const other = { workspace: { project: 'other', root: null, pathRoot: t.workspace.pathRoot } }
    const own = await openConflict(t)
    const entry = { name: 'theirs', content: 'v1' }
    const theirs = await t.call<{ id: string; scope_id: string }>(TOOL, 'add', entry, other)
    await t.call(TOOL, 'update', { id: theirs.id, content: 'a', base_version: 1 }, a)
    await t.refused(TOOL, 'update', { id: theirs.id, content: 'b', base_version: 1 }, b)
    const ids = async (args: object, options = {}) => {
      const { conflicts } = await t.call<{ conflicts: { entry_id: string }[] }>(
        'memory_conflict',
        'list',
        { ...args },
        options,
      )
      return conflicts.map(({ entry_id }) => entry_id)
    }
    expect(await ids({})).toEqual([own.id])
    expect(await ids({}, other)).toEqual([theirs.id])
    expect(await ids({ scope_type: 'project', scope_id: theirs.scope_id })).toEqual([theirs.id])
    expect(await ids({ entry_id: theirs.id })).toEqual([theirs.id])
  }))
