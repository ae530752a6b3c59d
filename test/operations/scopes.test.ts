import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findWorkspace } from '../../src/services/workspace/workspace.ts'
import { withApp } from '../support/app.ts'

const TOOL = 'memory_scope'
const KNOWLEDGE = 'memory_knowledge'

test('the current project is made by the first write, and by nothing before', async () => {
  await withApp(async (t) => {
    const before = await t.call(TOOL, 'current')
    expect(before).toMatchObject({ scope_type: 'project', id: null, exists: false })
    expect(await t.call(TOOL, 'list', {})).toMatchObject({ scopes: [] })
    const added = await t.call(KNOWLEDGE, 'add', { name: 'n', content: 'c' })
    const after = await t.call(TOOL, 'current')
    expect(after).toMatchObject({
      id: added['scope_id'],
      exists: true,
      name: before['name'],
      inherits: [{ scope_type: 'global' }],
    })
  })
})

test('outside of any repository a call means global; where nothing may be guessed a write needs a scope', async () => {
  await withApp(async (t) => {
    const nowhere = { workspace: { project: null, root: null, pathRoot: '/tmp' } }
    expect(await t.call(KNOWLEDGE, 'add', { name: 'n', content: 'c' }, nowhere)).toMatchObject({
      scope_type: 'global',
    })
    const http = { workspace: null }
    expect(await t.refused(KNOWLEDGE, 'add', { name: 'm', content: 'c' }, http)).toMatchObject({
      name: 'MISSING_FIELD',
    })
    expect(await t.call(KNOWLEDGE, 'list', {}, http)).toMatchObject({
      scope_type: 'global',
      entries: [{ name: 'n' }],
    })
  })
})

test('AGENT_MEMORY_PROJECT names the project by name or id', async () => {
  await withApp(async (t) => {
    const workspace = { project: 'shared', root: '/somewhere', pathRoot: '/somewhere' }
    const added = await t.call(KNOWLEDGE, 'add', { name: 'n', content: 'c' }, { workspace })
    expect(await t.call(TOOL, 'get', { scope_id: added['scope_id'] })).toMatchObject({
      name: 'shared',
      root_path: null,
    })
    const byId = { workspace: { ...workspace, project: String(added['scope_id']) } }
    expect(await t.call(KNOWLEDGE, 'get', { name: 'n' }, byId)).toMatchObject({ content: 'c' })
  })
})

test('all work trees of a repository are one project, a submodule is its own', async () => {
  await withApp(async (t) => {
    const main = join(t.dataDir, 'main')
    const linked = join(t.dataDir, 'linked')
    const gitDir = join(main, '.git', 'worktrees', 'linked')
    for (const folder of [gitDir, join(main, 'src'), linked, join(main, 'sub')])
      mkdirSync(folder, { recursive: true })
    writeFileSync(join(gitDir, 'commondir'), '../..\n')
    writeFileSync(join(linked, '.git'), `gitdir: ${gitDir}\n`)
    mkdirSync(join(main, '.git', 'modules', 'sub'), { recursive: true })
    writeFileSync(join(main, 'sub', '.git'), 'gitdir: ../.git/modules/sub\n')
    expect(findWorkspace(join(main, 'src'), undefined)).toMatchObject({
      project: null,
      root: main,
      pathRoot: main,
    })
    expect(findWorkspace(linked, undefined)).toMatchObject({ project: null, root: main, pathRoot: linked })
    expect(findWorkspace(join(main, 'sub'), undefined)).toMatchObject({ root: join(main, 'sub') })
  })
})

test('two repositories with one folder name get two names', async () => {
  await withApp(async (t) => {
    for (const root of ['/x/api', '/y/api']) {
      const workspace = { project: null, root, pathRoot: root }
      await t.call(KNOWLEDGE, 'add', { name: 'n', content: root }, { workspace })
    }
    const { scopes } = await t.call<{ scopes: { name: string }[] }>(TOOL, 'list', {})
    expect(scopes.map((scope) => scope.name).sort()).toEqual(['api', 'y/api'])
  })
})

test('entries are inherited from global through org and project to the session', async () => {
  await withApp(async (t) => {
    const org = await t.call<{ id: string }>(TOOL, 'create', { scope_type: 'org', name: 'Acme' })
    const project = await t.call<{ id: string }>(TOOL, 'create', {
      scope_type: 'project',
      name: 'p',
      org_id: org.id,
    })
    const session = await t.call<{ id: string }>(TOOL, 'start', {
      project_id: project.id,
      name: 's',
      purpose: 'try',
    })
    const scopes = { global: undefined, org: org.id, project: project.id, session: session.id }
    for (const [scope_type, scope_id] of Object.entries(scopes)) {
      await t.call(KNOWLEDGE, 'add', { name: scope_type, content: 'c', scope_type, scope_id })
    }
    const visible = async (scope_type: string, scope_id?: string) => {
      const { entries } = await t.call<{ entries: { name: string }[] }>(KNOWLEDGE, 'list', {
        scope_type,
        scope_id,
      })
      return entries.map((entry) => entry.name).sort()
    }
    expect(await visible('session', session.id)).toEqual(['global', 'org', 'project', 'session'])
    expect(await visible('project', project.id)).toEqual(['global', 'org', 'project'])
    expect(await visible('global')).toEqual(['global'])
  })
})

test('a project moved into an org inherits from it at once', async () => {
  await withApp(async (t) => {
    const org = await t.call<{ id: string }>(TOOL, 'create', { scope_type: 'org', name: 'Acme' })
    await t.call(KNOWLEDGE, 'add', { name: 'of the org', content: 'c', scope_type: 'org', scope_id: org.id })
    const { scope_id } = await t.call(KNOWLEDGE, 'add', { name: 'n', content: 'c' })
    const count = async () => (await t.call<{ entries: object[] }>(KNOWLEDGE, 'list', {})).entries.length
    expect(await count()).toBe(1)
    await t.call(TOOL, 'update', { scope_id, org_id: org.id, name: 'renamed' })
    expect(await count()).toBe(2)
    expect(await t.call(TOOL, 'current')).toMatchObject({
      name: 'renamed',
      inherits: [{ name: 'Acme' }, { name: 'global' }],
    })
    expect(await t.call(KNOWLEDGE, 'list', { scope_type: 'org' })).toMatchObject({ scope_id: org.id })
  })
})

test('a session keeps its log in order, ends, and takes nothing after', async () => {
  await withApp(async (t) => {
    const session = await t.call<{ id: string }>(TOOL, 'start', { name: 's' })
    const session_id = session.id
    await t.call(TOOL, 'log', { session_id, turns: [{ content: 'one', speaker: 'me' }, { content: 'two' }] })
    const more = await t.call(TOOL, 'log', { session_id, turns: [{ content: 'three', name: 'own name' }] })
    expect(more).toMatchObject({ entries: [{ name: 'own name', sequence: 3 }] })
    const taken = await t.refused(TOOL, 'log', {
      session_id,
      turns: [{ content: 'x' }, { content: 'y', name: 'own name' }],
    })
    expect(taken).toMatchObject({ name: 'ALREADY_EXISTS', details: { index: 1 } })
    const ended = await t.call(TOOL, 'end', { session_id })
    expect(ended).toMatchObject({ status: 'ended', scope_type: 'session' })
    expect(await t.call(TOOL, 'end', { session_id })).toEqual(ended)
    const late = await t.refused(TOOL, 'log', { session_id, turns: [{ content: 'late' }] })
    expect(late).toMatchObject({ name: 'INVALID_SCOPE' })
    const { scopes } = await t.call<{ scopes: object[] }>(TOOL, 'list', {
      scope_type: 'session',
      status: 'ended',
    })
    expect(scopes).toMatchObject([{ id: session_id }])
  })
})

test('twins are refused, bad ids and moves too', async () => {
  await withApp(async (t) => {
    const org = await t.call<{ id: string }>(TOOL, 'create', { scope_type: 'org', name: 'Acme' })
    expect(await t.refused(TOOL, 'create', { scope_type: 'org', name: 'Acme' })).toMatchObject({
      name: 'ALREADY_EXISTS',
      details: { id: org.id },
    })
    expect((await t.refused(TOOL, 'create', { scope_type: 'project', name: 'p', org_id: 'nope' })).name).toBe(
      'NOT_FOUND',
    )
    expect((await t.refused(TOOL, 'update', { scope_id: org.id, org_id: org.id })).name).toBe('INVALID_SCOPE')
    expect((await t.refused(TOOL, 'update', { scope_id: 'global', name: 'x' })).name).toBe('INVALID_SCOPE')
    expect((await t.refused(TOOL, 'end', {})).name).toBe('MISSING_FIELD')
    expect((await t.refused(KNOWLEDGE, 'list', { scope_type: 'session' })).name).toBe('MISSING_FIELD')
    expect((await t.refused(KNOWLEDGE, 'list', { scope_type: 'project', scope_id: org.id })).name).toBe(
      'INVALID_SCOPE',
    )
  })
})

test('only an empty scope is deleted, unless all of it is meant', async () => {
  await withApp(async (t) => {
    const { scope_id, id } = await t.call(KNOWLEDGE, 'add', { name: 'n', content: 'c' })
    await t.call(TOOL, 'start', { name: 's' })
    const refused = await t.refused(TOOL, 'delete', { scope_id })
    expect(refused).toMatchObject({ name: 'CONFLICT', details: { entries: 1, scopes: 1 } })
    expect(refused.message).toBe('The project holds 1 entry, 1 scope and 0 votes.')
    const deleted = await t.call(TOOL, 'delete', { scope_id, cascade: true })
    expect(deleted).toMatchObject({ deleted: true, deleted_entries: 1, deleted_scopes: 1 })
    expect((await t.refused(KNOWLEDGE, 'get', { id })).name).toBe('NOT_FOUND')
    expect(await t.call(TOOL, 'current')).toMatchObject({ exists: false })
  })
})

test('a project without a first write is empty, and inherits', async () => {
  await withApp(async (t) => {
    await t.call(KNOWLEDGE, 'add', { name: 'wide', content: 'word', scope_type: 'global' })
    const own = { scope_type: 'project', scope_id: null }
    expect(await t.call(KNOWLEDGE, 'list', {})).toMatchObject({ ...own, entries: [{ name: 'wide' }] })
    expect(await t.call(KNOWLEDGE, 'list', { inherit: false })).toMatchObject({ ...own, entries: [] })
    const found = await t.call('memory_query', 'search', {
      query: 'word',
      inherit: false,
      include_sessions: true,
    })
    expect(found).toMatchObject({ ...own, results: [] })
    expect(await t.call('memory_query', 'context', {})).toMatchObject({
      ...own,
      included: [expect.any(String)],
    })
    expect(await t.call('memory_tag', 'list', { inherit: false })).toMatchObject({ tags: [] })
    expect(await t.call('memory_scope', 'get', {})).toMatchObject({ id: null, scope_type: 'project' })
  })
})

test('a name is one name in both of the ways that Unicode writes it', () =>
  withApp(async (t) => {
    const [composed, decomposed] = ['Café', 'Café'.normalize('NFD')]
    const made = await t.call('memory_scope', 'create', { scope_type: 'project', name: decomposed })
    expect(made).toMatchObject({ name: composed })
    for (const name of [composed, decomposed]) {
      expect(await t.call('memory_scope', 'get', { scope_type: 'project', name })).toMatchObject({
        id: made.id,
      })
      expect(await t.refused('memory_scope', 'create', { scope_type: 'project', name })).toMatchObject({
        name: 'ALREADY_EXISTS',
      })
      const workspace = { project: name, root: null, pathRoot: '/srv' }
      const added = await t.call(
        'memory_knowledge',
        'add',
        { name, content: 'c', upsert: true },
        { workspace },
      )
      expect(added).toMatchObject({ scope_id: made.id })
    }
    const folder = { project: null, root: `/srv/${'Über'.normalize('NFD')}`, pathRoot: '/srv' }
    await t.call('memory_knowledge', 'add', { name: 'n', content: 'c' }, { workspace: folder })
    expect(await t.call('memory_scope', 'get', { scope_type: 'project', name: 'Über' })).toMatchObject({
      root_path: folder.root,
    })
  }))
