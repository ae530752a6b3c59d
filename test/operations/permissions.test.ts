import { expect, test } from 'vitest'
import { type TestApp, type TestAppOptions, withApp } from '../support/app.ts'
import type { CallOptions } from '../support/calls.ts'

type Made = Readonly<Record<string, unknown>> & { readonly id: string }

const STRICT: TestAppOptions = { env: { AGENT_MEMORY_PERMISSIONS_MODE: 'strict' }, workspace: null }
const ROOT: CallOptions = { agentId: 'root' }
const ANN: CallOptions = { agentId: 'ann' }

interface Tree {
  readonly org: object
  readonly project: object
  readonly session: object
}

const scopeOf = (type: string, { id }: Made) => ({ scope_type: type, scope_id: id })

/** Strict, with an administrator and a project in an org. */
function inTree(body: (t: TestApp, tree: Tree) => Promise<void>): Promise<void> {
  return withApp(STRICT, async (t) => {
    await bootstrap(t)
    const make = (args: object) => t.call<Made>('memory_scope', 'create', { ...args }, ROOT)
    const org = await make({ scope_type: 'org', name: 'Acme' })
    const project = await make({ scope_type: 'project', name: 'Site', org_id: org.id })
    const start = { project_id: project.id, name: 'Work' }
    const session = await t.call<Made>('memory_scope', 'start', start, ROOT)
    await body(t, {
      org: scopeOf('org', org),
      project: scopeOf('project', project),
      session: scopeOf('session', session),
    })
  })
}

/** A caller with the database makes the first administrator. */
async function bootstrap({ app }: TestApp): Promise<void> {
  const operator = { agentId: 'operator', workspace: null }
  const scope = await app.services.scopes.get(operator, { scope_type: 'global' })
  await app.services.permissions.grant(operator, { grantee: 'root', scope, entry_type: null }, 'admin')
}

const grant = (t: TestApp, permission: string, scope: object, more: object = {}, by = ROOT) =>
  t.call<Made>('memory_permission', 'grant', { grantee: 'ann', permission, ...scope, ...more }, by)

const rule = { name: 'Rule', content: 'Do.' }
const read = (t: TestApp, scope: object, tool = 'memory_guideline') => t.call(tool, 'list', { ...scope }, ANN)
const write = (t: TestApp, scope: object, name = 'Rule', tool = 'memory_guideline') =>
  t.call<Made>(tool, 'add', { ...scope, ...rule, name }, ANN)
const NOT_FOUND = { name: 'NOT_FOUND' }
const DENIED = { name: 'PERMISSION_DENIED' }

test('nothing was granted: nothing may be read or written, and nothing is said of what there is', () =>
  inTree(async (t, { org, project }) => {
    for (const scope of [org, project]) {
      expect(await t.refused('memory_guideline', 'list', { ...scope }, ANN)).toMatchObject(NOT_FOUND)
      expect(await t.refused('memory_guideline', 'add', { ...scope, ...rule }, ANN)).toMatchObject(NOT_FOUND)
    }
    const there = { scope_type: 'global' }
    const refused = await t.refused('memory_guideline', 'list', there, ANN)
    expect(refused).toMatchObject({
      ...DENIED,
      details: { agent_id: 'ann', permission: 'read', scope_type: 'global' },
    })
    expect(refused.suggestion).toContain('memory_permission check')
    expect(await t.call('memory_scope', 'list', {}, ANN)).toEqual({ scopes: [] })
    expect(await t.call('memory_event', 'list', { since: 0 }, ANN)).toMatchObject({ events: [] })
  }))

test('a permission holds in its scope and in all below it, and nowhere above or beside', () =>
  inTree(async (t, { org, project, session }) => {
    await grant(t, 'write', project)
    await write(t, project)
    await write(t, session, 'Below')
    expect(await read(t, session)).toMatchObject({ entries: [{ name: 'Below' }, { name: 'Rule' }] })
    expect(await t.refused('memory_guideline', 'add', { ...org, ...rule }, ANN)).toMatchObject(NOT_FOUND)
    await grant(t, 'read', org)
    await t.call('memory_guideline', 'add', { ...org, ...rule, name: 'Wide' }, ROOT)
    expect(JSON.stringify(await read(t, project))).toContain('Wide')
    expect(await t.refused('memory_guideline', 'add', { ...org, ...rule }, ANN)).toMatchObject(DENIED)
  }))

test('what stands in a scope above that may not be read hides nothing and is named nowhere', () =>
  inTree(async (t, { org, project }) => {
    const wide = await t.call<Made>(
      'memory_guideline',
      'add',
      { ...org, ...rule, content: 'Use tabs for indentation.' },
      ROOT,
    )
    await grant(t, 'write', project)
    const near = { ...project, name: 'Rule', content: 'Use tabs for indentation.' }
    const added = await t.call('memory_guideline', 'add', near, ANN)
    expect(added['similar']).toBeUndefined()
    const got = await t.call('memory_guideline', 'get', { ...project, name: 'Rule' }, ANN)
    expect(got['overrides']).toBeUndefined()
    const missed = await t.refused('memory_guideline', 'get', { ...project, name: 'Rulle' }, ANN)
    expect(JSON.stringify(missed)).not.toContain(wide.id)
    await grant(t, 'read', org)
    expect(await t.call('memory_guideline', 'get', { ...project, name: 'Rule' }, ANN)).toMatchObject({
      overrides: [{ id: wide.id }],
    })
  }))

test('read, write and admin: each has what stands before it', () =>
  inTree(async (t, { project }) => {
    const { id } = await t.call<Made>('memory_guideline', 'add', { ...project, ...rule }, ROOT)
    await grant(t, 'read', project)
    expect(await read(t, project)).toMatchObject({ entries: [{ id }] })
    expect(await t.refused('memory_guideline', 'update', { id, content: 'New.' }, ANN)).toMatchObject(DENIED)
    expect(await grant(t, 'write', project)).toMatchObject({ replaced: 'read' })
    await t.call('memory_guideline', 'update', { id, content: 'New.' }, ANN)
    expect(await t.refused('memory_guideline', 'delete', { id }, ANN)).toMatchObject(DENIED)
    const give = { grantee: 'bob', permission: 'read', ...project }
    expect(await t.refused('memory_permission', 'grant', give, ANN)).toMatchObject(DENIED)
    await grant(t, 'admin', project)
    await t.call('memory_permission', 'grant', give, ANN)
    await t.call('memory_guideline', 'delete', { id }, ANN)
  }))

test('by entry type: other types, locks and the scope itself stay closed', () =>
  inTree(async (t, { project }) => {
    await grant(t, 'write', project, { entry_type: 'knowledge' })
    const fact = await write(t, project, 'Fact', 'memory_knowledge')
    expect(await t.refused('memory_guideline', 'add', { ...project, ...rule }, ANN)).toMatchObject(DENIED)
    const hidden = await t.call<Made>(
      'memory_guideline',
      'add',
      { ...project, ...rule, name: 'Fact too' },
      ROOT,
    )
    expect(await t.refused('memory_guideline', 'get', { id: hidden.id }, ANN)).toMatchObject(NOT_FOUND)
    const found = await t.call<{ results: Made[] }>(
      'memory_query',
      'search',
      { ...project, query: 'fact' },
      ANN,
    )
    expect(found.results.map(({ id }) => id)).toEqual([fact.id])
    const change = { ...project, name: 'Other' }
    expect(await t.refused('memory_scope', 'update', change, ANN)).toMatchObject(DENIED)
    const link = { from_id: fact.id, to_id: hidden.id, relation_type: 'explains' }
    expect(await t.refused('memory_relation', 'create', link, ANN)).toMatchObject(NOT_FOUND)
    await t.call('memory_relation', 'create', link, ROOT)
    expect(await t.call('memory_relation', 'list', { entry_id: fact.id }, ANN)).toMatchObject({
      relations: [],
    })
  }))

test('what is granted to * is granted to every agent', () =>
  inTree(async (t, { project }) => {
    await t.call('memory_permission', 'grant', { grantee: '*', permission: 'read', ...project }, ROOT)
    expect(await read(t, project)).toMatchObject({ entries: [] })
    expect(await t.call('memory_permission', 'check', { permission: 'read', ...project }, ANN)).toMatchObject(
      {
        allowed: true,
        because: expect.stringContaining('every agent'),
      },
    )
  }))

test('what is taken back counts at once, for a second process too', () =>
  inTree(async (t, { project }) => {
    const { id } = await grant(t, 'read', project)
    const other = await t.secondApp()
    await read(other, project)
    await t.call('memory_permission', 'revoke', { id }, ROOT)
    expect(await other.refused('memory_guideline', 'list', { ...project }, ANN)).toMatchObject(NOT_FOUND)
    await grant(t, 'read', project)
    await read(other, project)
    await t.call('memory_permission', 'revoke', { grantee: 'ann', ...project }, ROOT)
    expect(await other.refused('memory_guideline', 'list', { ...project }, ANN)).toMatchObject(NOT_FOUND)
    const again = { grantee: 'ann', ...project }
    expect(await t.refused('memory_permission', 'revoke', again, ROOT)).toMatchObject(NOT_FOUND)
  }))

test('check says what allows it, or what is missing', () =>
  inTree(async (t, { org, project }) => {
    const check = (permission: string, more: object = {}, by = ANN) =>
      t.call('memory_permission', 'check', { permission, ...project, ...more }, by)
    const { id } = await grant(t, 'write', org, { entry_type: 'guideline' })
    expect(await check('read', { entry_type: 'guideline' })).toMatchObject({
      allowed: true,
      because: 'write of guideline was granted to it in the org scope above, which is inherited.',
      grant: { id },
      enforced: true,
    })
    expect(await check('admin', { entry_type: 'guideline' })).toMatchObject({
      allowed: false,
      because: expect.stringContaining('Only write was granted'),
    })
    expect(await check('read', { entry_type: 'tool' })).toMatchObject({
      allowed: false,
      because: expect.stringContaining('for other types'),
    })
    expect(await check('read', { grantee: 'bob' }, ROOT)).toMatchObject({
      allowed: false,
      because: expect.stringContaining('Nothing was granted'),
    })
    const others = { permission: 'read', grantee: 'bob', ...project }
    expect(await t.refused('memory_permission', 'check', others, ANN)).toMatchObject(DENIED)
    const nowhere = { permission: 'read' }
    expect(await t.refused('memory_permission', 'check', nowhere, ANN)).toMatchObject({
      name: 'MISSING_FIELD',
    })
  }))

test('list shows one’s own grants, and all of the scopes that one administers, on pages', () =>
  inTree(async (t, { org, project }) => {
    const list = (by: CallOptions, args: object = {}) =>
      t.call<{ grants: Made[]; next_cursor?: string }>('memory_permission', 'list', { ...args }, by)
    await grant(t, 'read', org)
    for (const grantee of ['bob', 'carl', 'dora'])
      await t.call('memory_permission', 'grant', { grantee, permission: 'read', ...project }, ROOT)
    expect((await list(ANN)).grants).toMatchObject([{ grantee: 'ann' }])
    await grant(t, 'admin', project)
    expect((await list(ANN)).grants.map(({ grantee }) => grantee)).toEqual([
      'ann',
      'dora',
      'carl',
      'bob',
      'ann',
    ])
    const { grants, next_cursor } = await list(ANN, { limit: 2 })
    expect(grants).toHaveLength(2)
    expect((await list(ANN, { limit: 2, cursor: next_cursor })).grants).toMatchObject([
      { grantee: 'carl' },
      { grantee: 'bob' },
    ])
    expect((await list(ROOT, { grantee: 'root' })).grants).toMatchObject([
      { scope_type: 'global', scope_id: null },
    ])
    expect((await list(ANN, { ...project, grantee: 'bob' })).grants).toHaveLength(1)
  }))

test('the grants of a scope go with it', () =>
  inTree(async (t, { project }) => {
    await grant(t, 'admin', project)
    await t.call('memory_scope', 'delete', { ...project, cascade: true }, ANN)
    const { grants } = await t.call<{ grants: Made[] }>('memory_permission', 'list', { grantee: 'ann' }, ROOT)
    expect(grants).toEqual([])
  }))

test('a lock belongs to the project whose folder the file is in', () =>
  inTree(async (t, { project }) => {
    await grant(t, 'write', project)
    const file = { file_path: '/srv/site/src/a.ts' }
    expect(await t.refused('memory_file_lock', 'checkout', file, ANN)).toMatchObject(DENIED)
    const root = { ...project, root_path: '/srv/site' }
    expect(await t.refused('memory_scope', 'update', root, ANN)).toMatchObject(DENIED)
    await t.call('memory_scope', 'update', root, ROOT)
    await t.call('memory_file_lock', 'checkout', file, ANN)
    await t.call('memory_file_lock', 'checkout', { file_path: '/srv/other/b.ts' }, ROOT)
    const { locks } = await t.call<{ locks: object[] }>('memory_file_lock', 'list', {}, ANN)
    expect(locks).toMatchObject([file])
    const force = { ...file, reason: 'because' }
    expect(await t.refused('memory_file_lock', 'force_unlock', force, ANN)).toMatchObject(DENIED)
    expect(
      await t.refused('memory_file_lock', 'checkout', { file_path: '/srv/site2/a.ts' }, ANN),
    ).toMatchObject(DENIED)
  }))

test('a page is full, however much lies between that may not be seen', () =>
  inTree(async (t, { project }) => {
    await grant(t, 'read', project)
    for (let n = 0; n < 6; n++) {
      await t.call('memory_guideline', 'add', { ...project, ...rule, name: `seen ${n}` }, ROOT)
      for (const name of ['a', 'b', 'c'])
        await t.call('memory_guideline', 'add', { scope_type: 'global', ...rule, name: `${name} ${n}` }, ROOT)
    }
    const seen: unknown[] = []
    for (let cursor: string | undefined, pages = 0; pages < 10; pages++) {
      const page = { since: 0, types: ['entry.created'], limit: 4, ...(cursor && { cursor }) }
      const answer = await t.call<{ events: unknown[]; next_cursor?: string }>(
        'memory_event',
        'list',
        page,
        ANN,
      )
      seen.push(...answer.events)
      cursor = answer.next_cursor
      if (cursor === undefined) break
      expect(answer.events).toHaveLength(4)
    }
    expect(seen).toHaveLength(6)
  }))

test('an agent that waits for events gets those that it may see', () =>
  inTree(async (t, { project }) => {
    await grant(t, 'read', project)
    const { last_seq: since } = await t.call<{ last_seq: number }>('memory_event', 'list', {}, ANN)
    const waiting = t.call<{ events: { scope: object }[] }>(
      'memory_event',
      'wait',
      { since, timeout_ms: 60_000 },
      ANN,
    )
    await t.call('memory_guideline', 'add', { scope_type: 'global', ...rule }, ROOT)
    await t.call('memory_guideline', 'add', { ...project, ...rule }, ROOT)
    const { events } = await waiting
    expect(events).toHaveLength(1)
    expect(events).toMatchObject([{ type: 'entry.created', scope: { type: 'project' } }])
  }))

test('on this machine rights are not checked, unless a setting says so', () =>
  withApp(async (t) => {
    await t.call('memory_guideline', 'add', { ...rule, scope_type: 'global' }, ANN)
    const check = { permission: 'write', scope_type: 'global' }
    expect(await t.call('memory_permission', 'check', check, ANN)).toMatchObject({
      allowed: false,
      enforced: false,
    })
  }))
