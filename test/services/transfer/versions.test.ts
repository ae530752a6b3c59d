import { expect, test } from 'vitest'
import { type TestApp, withApp } from '../../support/app.ts'
import { exported, imported } from './files.ts'

// An import never turns a version back: a number that was read here never means something else.

const TOOL = 'memory_knowledge'

interface Shown {
  readonly id: string
  readonly version: number
  readonly content: string
}

async function addSecond(t: TestApp): Promise<Shown> {
  const { id } = await t.call<Shown>(TOOL, 'add', { name: 'rate', content: 'one' })
  return t.call<Shown>(TOOL, 'update', { id, content: 'two' })
}

/** Neither by id nor by name a version that was read before the import is taken. */
async function expectRefused(t: TestApp, id: string, versions: readonly number[]): Promise<void> {
  for (const base_version of versions)
    for (const key of [{ id }, { name: 'rate' }]) {
      const error = await t.refused(TOOL, 'update', { ...key, base_version, content: 'stale' })
      expect(error.name, `${JSON.stringify(key)} ${base_version}`).toBe('CONFLICT')
    }
}

test('a scope that gives way goes on to its next version, and keeps what was here', () =>
  withApp(async (t) => {
    const create = { scope_type: 'org', name: 'acme', purpose: 'from the file' }
    const { id: scope_id } = await t.call<Shown>('memory_scope', 'create', create)
    const file = await exported(t)
    for (const purpose of ['second', 'third']) await t.call('memory_scope', 'update', { scope_id, purpose })
    const { scope } = await imported(t, file, { onConflict: 'replace' })
    expect(scope).toMatchObject({ replaced: 1 })
    const get = (more: object) => t.call('memory_scope', 'get', { scope_id, ...more })
    expect(await get({})).toMatchObject({ version: 4, purpose: 'from the file' })
    expect(await get({ version: 3 })).toMatchObject({ purpose: 'third' })
    const stale = { scope_id, base_version: 3, purpose: 'stale' }
    expect((await t.refused('memory_scope', 'update', stale)).name).toBe('CONFLICT')
    const again = await imported(t, file, { onConflict: 'replace' })
    expect(again.scope).toMatchObject({ replaced: 0, added: 0 })
    expect(await get({})).toMatchObject({ version: 4 })
  }))

test('an entry that is deleted here and comes back goes on above its last version, whatever its name was', () =>
  withApp(async (t) => {
    const { id } = await addSecond(t)
    const file = await exported(t)
    await t.call(TOOL, 'update', { id, content: 'three', name: 'new rate' })
    await t.call(TOOL, 'update', { id, content: 'four' })
    await t.call(TOOL, 'delete', { id })
    await imported(t, file, { onConflict: 'replace' })
    expect(await t.call(TOOL, 'get', { id })).toMatchObject({ name: 'rate', version: 5, content: 'two' })
    await expectRefused(t, id, [1, 3, 4])
    const fresh = { id, base_version: 5, content: 'fresh' }
    expect(await t.call(TOOL, 'update', fresh)).toMatchObject({ version: 6 })
  }))

test('an entry that takes a name which another had here goes on above that one', () =>
  withApp((there) =>
    withApp(async (t) => {
      const { id } = await addSecond(there)
      const file = await exported(there)
      const ours = await addSecond(t)
      for (const content of ['three', 'four']) await t.call(TOOL, 'update', { id: ours.id, content })
      await imported(t, file, { onConflict: 'replace' })
      expect((await t.refused(TOOL, 'get', { id: ours.id })).name).toBe('NOT_FOUND')
      const now = { name: 'rate', scope_type: 'project', scope_id: await projectId(t) }
      expect(await t.call(TOOL, 'get', now)).toMatchObject({ id, version: 5, content: 'two' })
      for (const base_version of [1, 2, 3, 4]) {
        const stale = { ...now, base_version, source: 'stale' }
        expect((await t.refused(TOOL, 'update', stale)).name).toBe('CONFLICT')
      }
    }),
  ))

test('an entry that is here gets back a name that another has had since', () =>
  withApp(async (t) => {
    const { id } = await addSecond(t)
    const file = await exported(t)
    await t.call(TOOL, 'update', { id, name: 'new rate' })
    const other = await addSecond(t)
    for (const content of ['three', 'four', 'five', 'six'])
      await t.call(TOOL, 'update', { id: other.id, content })
    await t.call(TOOL, 'delete', { id: other.id })
    await imported(t, file, { onConflict: 'replace' })
    const back = await t.call<Shown>(TOOL, 'get', { id })
    expect(back).toMatchObject({ name: 'rate', content: 'two' })
    expect(back.version).toBeGreaterThan(8)
    for (let base_version = 1; base_version < back.version; base_version++) {
      const stale = { name: 'rate', base_version, source: 'stale' }
      expect((await t.refused(TOOL, 'update', stale)).name).toBe('CONFLICT')
    }
  }))

async function projectId(t: TestApp): Promise<string> {
  const { scopes } = await t.call<{ scopes: Shown[] }>('memory_scope', 'list', { scope_type: 'project' })
  const [project] = scopes
  if (!project) throw new Error('no project')
  return project.id
}
