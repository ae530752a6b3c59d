import { describe, expect, test } from 'vitest'
import { type TestApp, withApp } from '../../support/app.ts'
import { edited, exported, imported, refusedImport } from './files.ts'

const global = { scope_type: 'global' }

async function addRule(t: TestApp, content: string, name = 'Rule'): Promise<string> {
  const { id } = await t.call<{ id: string }>('memory_guideline', 'add', { ...global, name, content })
  return id
}

async function contentOf(t: TestApp, id: string): Promise<string> {
  return (await t.call<{ content: string }>('memory_guideline', 'get', { id })).content
}

/** Exports one rule, and then changes it here. */
async function changedSince(t: TestApp): Promise<{ id: string; file: string }> {
  const id = await addRule(t, 'from the file')
  const file = await exported(t)
  await t.call('memory_guideline', 'update', { id, content: 'changed here' })
  return { id, file }
}

describe('an entry that differs from the one here', () => {
  test('is refused with its line, and nothing else of the file is taken', () =>
    withApp(async (t) => {
      await addRule(t, 'another', 'Deleted since')
      const { id, file } = await changedSince(t)
      await t.call('memory_guideline', 'delete', { ...global, name: 'Deleted since' })
      const before = await exported(t)
      expect(await refusedImport(t, file)).toMatchObject({
        name: 'CONFLICT',
        message: 'Line 4: the entry is here already, and differs. Nothing was imported.',
        details: { line: 4, kind: 'entry', id },
        suggestion: expect.stringContaining('--on-conflict keep'),
      })
      expect(await exported(t)).toBe(before)
    }))

  test('stays with keep', () =>
    withApp(async (t) => {
      const { id, file } = await changedSince(t)
      const before = await exported(t)
      expect((await imported(t, file, { onConflict: 'keep' })).entry).toMatchObject({ kept: 1, replaced: 0 })
      expect(await contentOf(t, id)).toBe('changed here')
      expect(await exported(t)).toBe(before)
    }))

  test('gives way with replace under the next version, and stays in the history', () =>
    withApp(async (t) => {
      const { id, file } = await changedSince(t)
      const search = () =>
        t.call<{ results: unknown[] }>('memory_query', 'search', { ...global, query: 'file' })
      expect((await search()).results).toEqual([])
      expect((await imported(t, file, { onConflict: 'replace' })).entry).toMatchObject({
        kept: 0,
        replaced: 1,
      })
      expect(await contentOf(t, id)).toBe('from the file')
      expect((await search()).results).toHaveLength(1)
      const { versions } = await t.call<{ versions: object[] }>('memory_guideline', 'history', { id })
      expect(versions).toMatchObject([
        { version: 3, content: 'from the file' },
        { version: 2, content: 'changed here' },
        { version: 1, content: 'from the file' },
      ])
      expect((await imported(t, file, { onConflict: 'replace' })).entry).toMatchObject({
        identical: 1,
        replaced: 0,
      })
    }))
})

describe('an entry whose name another one has here', () => {
  /** The same name on two machines; on the first it is linked with a second entry. */
  async function twoMachines<T>(
    body: (here: TestApp, file: string, ids: string[]) => Promise<T>,
  ): Promise<T> {
    return withApp((there) =>
      withApp(async (here) => {
        const theirs = await addRule(there, 'theirs')
        const second = await addRule(there, 'second', 'Second')
        await there.call('memory_relation', 'create', {
          from_id: theirs,
          to_id: second,
          relation_type: 'needs',
        })
        await there.call('memory_guideline', 'update', { id: theirs, priority: 9 })
        return body(here, await exported(there), [theirs, await addRule(here, 'ours')])
      }),
    )
  }

  test('is refused', () =>
    twoMachines(async (here, file, [, ours]) => {
      expect((await refusedImport(here, file)).details).toMatchObject({ kind: 'entry', id: ours })
    }))

  test('is left out with keep, with all that refers to it', () =>
    twoMachines(async (here, file, [theirs = '', ours = '']) => {
      const counts = await imported(here, file, { onConflict: 'keep' })
      expect(counts.entry).toMatchObject({ added: 1, kept: 1 })
      expect([counts.version.kept, counts.relation.kept]).toEqual([1, 1])
      expect(await contentOf(here, ours)).toBe('ours')
      expect((await here.refused('memory_guideline', 'get', { id: theirs })).name).toBe('NOT_FOUND')
    }))

  test('takes its place with replace', () =>
    twoMachines(async (here, file, [theirs = '', ours = '']) => {
      expect((await imported(here, file, { onConflict: 'replace' })).entry).toMatchObject({
        added: 1,
        replaced: 1,
      })
      expect(await contentOf(here, theirs)).toBe('theirs')
      expect((await here.refused('memory_guideline', 'get', { id: ours })).name).toBe('NOT_FOUND')
      expect(await exported(here)).toBe(file)
    }))
})

describe('a project that is here under another id', () => {
  async function sameProject<T>(body: (here: TestApp, file: string, id: string) => Promise<T>): Promise<T> {
    const create = (t: TestApp, purpose: string) =>
      t.call<{ id: string }>('memory_scope', 'create', {
        scope_type: 'project',
        name: 'shop',
        metadata: { purpose },
      })
    return withApp((there) =>
      withApp(async (here) => {
        const theirs = await create(there, 'theirs')
        const session = { scope_type: 'session', project_id: theirs.id, name: 'Monday' }
        const { id } = await there.call<{ id: string }>('memory_scope', 'start', session)
        await there.call('memory_scope', 'log', { session_id: id, turns: [{ content: 'a turn' }] })
        await there.call('memory_guideline', 'add', {
          scope_type: 'project',
          scope_id: theirs.id,
          name: 'R',
          content: 'r',
        })
        return body(here, await exported(there), (await create(here, 'ours')).id)
      }),
    )
  }

  test('is refused', () =>
    sameProject(async (here, file, id) => {
      expect((await refusedImport(here, file)).details).toMatchObject({ kind: 'scope', id })
    }))

  test.each(['keep', 'replace'] as const)('is the same one with %s: its contents go there', (onConflict) =>
    sameProject(async (here, file, id) => {
      const counts = await imported(here, file, { onConflict })
      expect(counts.scope).toMatchObject({ added: 1, [onConflict === 'keep' ? 'kept' : 'replaced']: 1 })
      const rule = await here.call('memory_guideline', 'get', {
        scope_type: 'project',
        scope_id: id,
        name: 'R',
      })
      expect(rule).toMatchObject({ content: 'r', scope_id: id })
      const { metadata } = await here.call<{ metadata: object }>('memory_scope', 'get', {
        scope_type: 'project',
        scope_id: id,
      })
      expect(metadata).toEqual({ purpose: onConflict === 'keep' ? 'ours' : 'theirs' })
      const again = await imported(here, file, { onConflict: 'keep' })
      expect(again.entry).toMatchObject({ added: 0, identical: 2, kept: 0 })
    }),
  )
})

describe('votes, relations and conflicts that differ', () => {
  async function filled(t: TestApp): Promise<string> {
    const ids = [await addRule(t, 'one', 'One'), await addRule(t, 'two', 'Two')]
    await t.call('memory_relation', 'create', { from_id: ids[0], to_id: ids[1], relation_type: 'needs' })
    await t.call('memory_guideline', 'update', { id: ids[0], content: 'mine' })
    await t.refused(
      'memory_guideline',
      'update',
      { id: ids[0], base_version: 1, content: 'theirs' },
      { agentId: 'b' },
    )
    await t.call('memory_voting', 'record_vote', { task_id: 'task', vote_value: 'yes' })
    return exported(t)
  }
  const altered = (file: string) =>
    edited(file, (record) => {
      const { relation, conflict, vote } = record as Record<string, Record<string, unknown>>
      if (relation) relation['metadata'] = { altered: true }
      if (conflict) conflict['incoming_values'] = { content: 'altered' }
      if (vote) vote['vote_value'] = 'altered'
    })

  test('are refused, kept or replaced as asked', () =>
    withApp(async (t) => {
      const file = await filled(t)
      const other = altered(file)
      expect((await refusedImport(t, other)).name).toBe('CONFLICT')
      const kept = await imported(t, other, { onConflict: 'keep' })
      expect([kept.relation.kept, kept.conflict.kept, kept.vote.kept]).toEqual([1, 1, 1])
      expect(await exported(t)).toBe(file)
      const replaced = await imported(t, other, { onConflict: 'replace' })
      expect([replaced.relation.replaced, replaced.conflict.replaced, replaced.vote.replaced]).toEqual([
        1, 1, 1,
      ])
      expect(await exported(t)).toBe(other)
    }))
})

test('votes of a file of before, which names no scope, are those of the global one', () =>
  withApp((from) =>
    withApp(async (to) => {
      await from.call('memory_voting', 'record_vote', { task_id: 'task', vote_value: 'yes' })
      const file = (await exported(from))
        .replace('"format_version":3', '"format_version":2')
        .replace(',"scope_id":null}}', '}}')
      expect(file).not.toContain('"scope_id":null}}')
      for (const outcome of ['added', 'identical'] as const)
        expect((await imported(to, file)).vote[outcome]).toBe(1)
      expect(await to.call('memory_voting', 'list_tasks')).toMatchObject({
        tasks: [{ task_id: 'task', scope_type: 'global' }],
      })
    }),
  ))
