import { describe, expect, test } from 'vitest'
import { type TestApp, withApp } from '../support/app.ts'

// A base_version that was read under a name fits only the entry that it was read of.

const TOOL = 'memory_knowledge'

interface Shown {
  readonly id: string
  readonly version: number
  readonly scope_id: string
}

/** An entry of that name at that version. */
async function addAt(t: TestApp, name: string, version: number, place: object = {}): Promise<Shown> {
  let entry = await t.call<Shown>(TOOL, 'add', { name, content: `${name} 1`, ...place })
  while (entry.version < version)
    entry = await t.call<Shown>(TOOL, 'update', { id: entry.id, content: `${name} ${entry.version + 1}` })
  return entry
}

/** No version that was read under the name is taken, and the entry's own one is. */
async function expectOnlyOwnVersion(t: TestApp, name: string, { version }: Shown): Promise<void> {
  const update = { name, source: 'somewhere' }
  for (let base_version = 1; base_version < version; base_version++) {
    const error = await t.refused(TOOL, 'update', { ...update, base_version })
    expect(error).toMatchObject({ name: 'CONFLICT', details: { current_version: version } })
    expect((await t.refused(TOOL, 'delete', { name, base_version })).name).toBe('CONFLICT')
  }
  expect(await t.call(TOOL, 'update', { ...update, base_version: version })).toMatchObject(update)
}

test('an entry that is renamed into a name which another had goes on above that one', () =>
  withApp(async (t) => {
    const first = await addAt(t, 'rate', 5)
    await t.call(TOOL, 'update', { id: first.id, name: 'old rate' })
    const second = await addAt(t, 'other', 3)
    const renamed = await t.call<Shown>(TOOL, 'update', { id: second.id, name: 'rate' })
    expect(renamed.version).toBe(6)
    const { versions } = await t.call<{ versions: Shown[] }>(TOOL, 'history', { id: second.id })
    expect(versions.map(({ version }) => version)).toEqual([6, 3, 2, 1])
    await expectOnlyOwnVersion(t, 'rate', renamed)
  }))

test('by its id a renamed entry takes the versions that were read of it', () =>
  withApp(async (t) => {
    await t.call(TOOL, 'delete', { id: (await addAt(t, 'rate', 5)).id })
    const { id } = await addAt(t, 'other', 3)
    await t.call(TOOL, 'update', { id, name: 'rate' })
    const merged = await t.call(TOOL, 'update', { id, base_version: 3, source: 'read before' })
    expect(merged).toMatchObject({ name: 'rate', version: 7, merged: true })
  }))

test('a refusal shows what the entry made anew says', () =>
  withApp(async (t) => {
    await t.call(TOOL, 'delete', { id: (await addAt(t, 'rate', 2)).id })
    await t.call(TOOL, 'add', { name: 'rate', content: 'anew' })
    const error = await t.refused(TOOL, 'update', { name: 'rate', base_version: 2, content: 'mine' })
    expect(error.details).toMatchObject({ current: { content: 'anew' }, incoming: { content: 'mine' } })
  }))

describe('a project that was deleted and made anew', () => {
  test.each([
    ['found by its root', {}],
    ['named by AGENT_MEMORY_PROJECT', { project: 'shop' }],
  ])('%s: its entries go on above those of the old one', (_, named) =>
    withApp(async (t) => {
      const here = { workspace: { ...t.workspace, ...named } }
      await withCaller(t, here, async (caller) => {
        const { scope_id } = await addAt(caller, 'rate', 4)
        await caller.call('memory_scope', 'delete', { scope_id, cascade: true })
        const anew = await addAt(caller, 'rate', 1)
        expect(anew.scope_id).not.toBe(scope_id)
        expect(anew.version).toBe(5)
        await expectOnlyOwnVersion(caller, 'rate', anew)
      })
    }),
  )

  test('any other project begins at 1', () =>
    withApp(async (t) => {
      const { scope_id } = await addAt(t, 'rate', 4)
      await t.call('memory_scope', 'delete', { scope_id, cascade: true })
      const { id } = await t.call<Shown>('memory_scope', 'create', { scope_type: 'project', name: 'other' })
      expect(await addAt(t, 'rate', 1, { scope_type: 'project', scope_id: id })).toMatchObject({ version: 1 })
    }))
})

test("a scope's update sent again by the agent whose version stands is acknowledged and changes nothing", () =>
  withApp(async (t) => {
    const create = { scope_type: 'org', name: 'acme', purpose: 'old' }
    const { id: scope_id } = await t.call<Shown>('memory_scope', 'create', create)
    const change = { scope_id, base_version: 1, purpose: 'new' }
    const first = await t.call('memory_scope', 'update', change, { agentId: 'ann' })
    expect(await t.call('memory_scope', 'update', change, { agentId: 'ann' })).toEqual(first)
    const stale = [
      t.refused('memory_scope', 'update', change, { agentId: 'bob' }),
      t.refused('memory_scope', 'update', { ...change, purpose: 'third' }, { agentId: 'ann' }),
    ]
    for (const error of await Promise.all(stale)) expect(error.name).toBe('CONFLICT')
  }))

/** The same App, called from elsewhere. */
async function withCaller<T>(
  t: TestApp,
  from: { workspace: TestApp['workspace'] },
  body: (caller: TestApp) => Promise<T>,
): Promise<T> {
  return body(t.from(from))
}
