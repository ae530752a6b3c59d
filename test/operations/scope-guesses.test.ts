import { expect, test } from 'vitest'
import { OPERATIONS } from '../../src/operations/index.ts'
import { runOperation } from '../../src/operations/run.ts'
import { type TestApp, withApp } from '../support/app.ts'

// A write asks for what it needs by the scope that the same words meant last. Where they mean another one by now, nothing may be seen
// of the guess.

interface Added {
  readonly id: string
  readonly scope_id: string
  readonly version: number
  readonly similar?: readonly { readonly id: string }[]
}

const TEXT = 'Always run the unit tests before committing to the main branch.'

const add = (t: TestApp, name: string, place: object = {}) =>
  t.call<Added>('memory_guideline', 'add', { name, content: `${TEXT} ${name}`, ...place })
const create = (t: TestApp, scope_type: string, name: string) =>
  t.call<{ id: string }>('memory_scope', 'create', { scope_type, name })

test('the current project was deleted: the next write makes it anew', () =>
  withApp(async (t) => {
    const first = await add(t, 'one')
    await add(t, 'two')
    await t.call('memory_scope', 'delete', { scope_id: first.scope_id, cascade: true })
    const anew = await add(t, 'one')
    expect(anew.scope_id).not.toBe(first.scope_id)
    expect(anew).not.toHaveProperty('similar')
    expect(await add(t, 'three')).toMatchObject({ scope_id: anew.scope_id, similar: [{ id: anew.id }] })
  }))

test('another project was given the name that the words stand for', () =>
  withApp(async (t) => {
    const caller = { workspace: { project: 'shop', root: null, pathRoot: '/srv/shop' } }
    const named = (name: string) => t.call<Added>('memory_guideline', 'add', { name, content: TEXT }, caller)
    const old = await create(t, 'project', 'shop')
    expect(await named('one')).toMatchObject({ scope_id: old.id })
    await t.call('memory_scope', 'update', { scope_id: old.id, name: 'old shop' })
    const other = await create(t, 'project', 'shop')
    const added = await named('one')
    expect(added).toMatchObject({ scope_id: other.id, version: 1 })
    expect(added).not.toHaveProperty('similar')
  }))

/** As a client over MCP gets it: the scope with its name. */
async function shown(t: TestApp, action: string, args: object): Promise<unknown> {
  const operation = OPERATIONS.find((each) => each.tool === 'memory_guideline' && each.action === action)
  if (!operation) throw new RangeError('no such operation')
  const ctx = t.app.context({ agentId: 'tester', workspace: t.workspace }, { isTold: true })
  return runOperation({ ...t.app.pipeline, answerTokens: 4_000 }, ctx, operation, { ...args })
}

test('a project that was renamed and moved into an org says its name, and finds what the org holds', () =>
  withApp(async (t) => {
    const { id } = await create(t, 'project', 'before')
    const place = { scope_type: 'project', scope_id: id }
    const first = await shown(t, 'add', { ...place, name: 'one', content: TEXT })
    expect(first).toMatchObject({ scope: { type: 'project', id, name: 'before' } })
    const org = await create(t, 'org', 'us')
    const wide = await t.call<Added>('memory_guideline', 'add', {
      name: 'wide',
      content: 'The deployment happens on Thursdays at noon, never later.',
      scope_type: 'org',
      scope_id: org.id,
    })
    await t.call('memory_scope', 'update', { scope_id: id, name: 'after', org_id: org.id })
    const near = { name: 'near', content: 'Deployment happens on Thursdays at noon, never later!' }
    const added = await shown(t, 'add', { ...place, ...near })
    expect(added).toMatchObject({
      scope: { name: 'after' },
      similar: [{ id: wide.id, scope: { type: 'org', name: 'us' } }],
    })
    const patch = { name: 'near', scope_id: id, scope_type: 'project', content: 'Changed.' }
    expect(await shown(t, 'update', patch)).toMatchObject({ scope: { name: 'after' } })
  }))

test('a name that is taken is refused, also right after it was found free', () =>
  withApp(async (t) => {
    await add(t, 'one')
    await add(t, 'two')
    expect((await t.refused('memory_guideline', 'add', { name: 'two', content: 'x' })).name).toBe(
      'ALREADY_EXISTS',
    )
    const { entries } = await t.call<{ entries: unknown[] }>('memory_guideline', 'list')
    expect(entries).toHaveLength(2)
  }))
