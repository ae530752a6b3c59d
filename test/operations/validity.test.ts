import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type TestApp, withApp } from '../support/app.ts'

type Added = { id: string; anchors?: string[] }

function add(t: TestApp, name: string, content: string, more: object = {}): Promise<Added> {
  return t.call<Added>('memory_knowledge', 'add', { name, content, ...more })
}

async function found(t: TestApp, query: string, more: object = {}): Promise<string[]> {
  const { results } = await t.call<{ results: { name: string }[] }>('memory_query', 'search', {
    query,
    ...more,
  })
  return results.map(({ name }) => name)
}

const supersede = (t: TestApp, from: Added, to: Added) =>
  t.call<{ id: string }>('memory_relation', 'create', {
    from_id: from.id,
    to_id: to.id,
    relation_type: 'supersedes',
  })

test('what another entry supersedes is read only as it was, or when asked for', () =>
  withApp(async (t) => {
    const old = await add(t, 'old database', 'The database is MySQL')
    const next = await add(t, 'database', 'The database is PostgreSQL')
    const before = new Date().toISOString()
    await expect.poll(() => new Date().toISOString()).not.toBe(before)
    const link = await supersede(t, next, old)

    expect(await found(t, 'which database')).toEqual(['database'])
    expect((await found(t, 'which database', { include_superseded: true })).sort()).toEqual([
      'database',
      'old database',
    ])
    expect((await found(t, 'which database', { as_of: before })).sort()).toEqual(['database', 'old database'])
    const context = await t.call<{ context: string; omitted: object }>('memory_query', 'context', {})
    expect(context.context).not.toContain('MySQL')
    expect(context.omitted).toEqual({})
    const listed = await t.call<{ entries: { name: string }[] }>('memory_knowledge', 'list', {})
    expect(listed.entries.map(({ name }) => name)).toEqual(['database'])
    expect(await t.call('memory_knowledge', 'get', { id: old.id })).toMatchObject({ superseded_by: next.id })
    const all = await t.call<{ results: { name: string }[] }>('memory_query', 'search', {
      query: 'mysql',
      include_superseded: true,
    })
    expect(all.results.find(({ name }) => name === 'old database')).toMatchObject({ superseded_by: next.id })

    await t.call('memory_knowledge', 'deactivate', { id: next.id })
    expect(await found(t, 'which database')).toEqual(['old database'])
    await t.call('memory_knowledge', 'reactivate', { id: next.id })
    await t.call('memory_relation', 'delete', { id: link.id })
    expect((await found(t, 'which database')).sort()).toEqual(['database', 'old database'])
  }))

test('an answer that was kept forgets who was superseded by an entry of a type that was not asked for', () =>
  withApp(async (t) => {
    const old = await add(t, 'old database', 'We use MySQL as the database.')
    const rule = await t.call<{ id: string }>('memory_guideline', 'add', {
      name: 'database',
      content: 'The database is PostgreSQL.',
    })
    const link = { from_id: rule.id, to_id: old.id, relation_type: 'supersedes' }
    await t.call('memory_relation', 'create', link)
    const asked = { types: ['knowledge'] }
    const shown = () =>
      t.call<{ entries: { name: string }[] }>('memory_query', 'context', { ...asked, format: 'json' })
    expect(await found(t, 'which database', asked)).toEqual([])
    expect((await shown()).entries).toEqual([])
    await t.call('memory_guideline', 'deactivate', { id: rule.id })
    expect(await found(t, 'which database', asked)).toEqual(['old database'])
    expect((await shown()).entries).toMatchObject([{ name: 'old database' }])
  }))

test('an entry falls due for its review while the answer that shows it is kept', () =>
  withApp(async (t) => {
    await t.call('memory_knowledge', 'add', {
      name: 'database',
      content: 'We use MySQL as the database.',
      review_by: new Date(Date.now() + 2_000).toISOString(),
    })
    const search = () => t.call<{ results: object[] }>('memory_query', 'search', { query: 'which database' })
    await search()
    await expect.poll(search).toMatchObject({ results: [{ review_due: true }] })
  }))

test('what stands where the caller does not look takes the place of nothing that it finds', () =>
  withApp(async (t) => {
    const { id: elsewhere } = await t.call<{ id: string }>('memory_scope', 'create', {
      scope_type: 'project',
      name: 'elsewhere',
    })
    const old = await add(t, 'old database', 'We use MySQL as the database.')
    const next = await t.call<{ id: string }>('memory_knowledge', 'add', {
      scope_type: 'project',
      scope_id: elsewhere,
      name: 'database',
      content: 'The database is PostgreSQL.',
    })
    const link = { from_id: next.id, to_id: old.id, relation_type: 'supersedes' }
    await t.call('memory_relation', 'create', link)
    const { results } = await t.call<{ results: object[] }>('memory_query', 'search', {
      query: 'mysql',
      include_superseded: true,
    })
    expect(results).toMatchObject([{ name: 'old database' }])
    expect(results[0]).not.toHaveProperty('superseded_by')
  }))

test('an entry of a project takes a wider one from that project only', () =>
  withApp(async (t) => {
    const wide = await add(t, 'linting everywhere', 'Lint with eslint', { scope_type: 'global' })
    const own = await add(t, 'linting here', 'Lint with biome')
    await supersede(t, own, wide)
    expect(await found(t, 'lint')).toEqual(['linting here'])
    expect(await found(t, 'lint', { scope_type: 'global' })).toEqual(['linting everywhere'])
  }))

test('two entries cannot supersede each other, through others neither', () =>
  withApp(async (t) => {
    const [a, b, c] = [await add(t, 'a', 'one'), await add(t, 'b', 'two'), await add(t, 'c', 'three')]
    await supersede(t, a, b)
    await supersede(t, b, c)
    const back = { from_id: c.id, to_id: a.id, relation_type: 'supersedes' }
    expect(await t.refused('memory_relation', 'create', back)).toMatchObject({ name: 'INVALID_PARAMETER' })
    await t.call('memory_relation', 'create', { ...back, relation_type: 'explains' })
  }))

test('a review that is due is shown, and asked for', () =>
  withApp(async (t) => {
    await add(t, 'due', 'walrus', { review_by: '2020-01-01T00:00:00Z', verified_at: '2019-01-01T00:00:00Z' })
    await add(t, 'later', 'walrus', { review_by: '2999-01-01T00:00:00Z' })
    await add(t, 'never', 'walrus')
    const { entries } = await t.call<{ entries: object[] }>('memory_knowledge', 'list', { review_due: true })
    expect(entries).toHaveLength(1)
    expect(entries[0]).toMatchObject({
      name: 'due',
      review_due: true,
      verified_at: '2019-01-01T00:00:00.000Z',
      review_by: '2020-01-01T00:00:00.000Z',
    })
    const { results } = await t.call<{ results: { name: string; review_due?: true }[] }>(
      'memory_query',
      'search',
      {
        query: 'walrus',
      },
    )
    expect(results.filter(({ review_due }) => review_due).map(({ name }) => name)).toEqual(['due'])
    const context = await t.call<{ context: string }>('memory_query', 'context', {})
    expect(context.context).toContain('Review by: 2020-01-01')
    await t.call('memory_knowledge', 'update', { name: 'due', unset: ['review_by'] })
    const none = await t.call<{ entries: object[] }>('memory_knowledge', 'list', { review_due: true })
    expect(none.entries).toEqual([])
  }))

test('an entry says when a file that it is about has changed', () =>
  withApp(async (t) => {
    const file = join(t.workspace.pathRoot, 'app.ts')
    writeFileSync(file, 'export {}\n')
    const blob = createHash('sha1').update('blob 10\0export {}\n').digest('hex')
    const { id, anchors } = await add(t, 'about app', 'walrus', { anchors: ['app.ts'] })
    expect(anchors).toEqual([`app.ts@${blob}`])
    const shown = async () => t.call<{ changed_files?: string[] }>('memory_knowledge', 'get', { id })
    expect((await shown()).changed_files).toBeUndefined()
    writeFileSync(file, 'export {}\r\n')
    expect((await shown()).changed_files).toBeUndefined()
    writeFileSync(file, 'export const x = 1\n')
    expect((await shown()).changed_files).toEqual(['app.ts'])
    const { results } = await t.call<{ results: object[] }>('memory_query', 'search', { query: 'walrus' })
    expect(results[0]).toMatchObject({ changed_files: ['app.ts'] })
    await t.call('memory_knowledge', 'update', { id, anchors: ['app.ts'] })
    expect((await shown()).changed_files).toBeUndefined()
    for (const anchors of [['nowhere.ts'], ['../../etc/passwd'], ['/etc/passwd']]) {
      const refused = await t.refused('memory_knowledge', 'add', { name: 'x', content: 'x', anchors })
      expect(refused).toMatchObject({
        name: 'INVALID_PARAMETER',
        message: expect.stringContaining('anchors.0'),
      })
    }
    // Over HTTP no file is read: a hash is taken as given, and nothing is flagged.
    const remote = { workspace: null }
    const args = { name: 'remote', content: 'x', scope_type: 'global', anchors: ['app.ts'] }
    expect(await t.refused('memory_knowledge', 'add', args, remote)).toMatchObject({
      name: 'INVALID_PARAMETER',
    })
    const given = { ...args, anchors: [`app.ts@${blob}`] }
    expect(await t.call('memory_knowledge', 'add', given, remote)).toMatchObject({ anchors: given.anchors })
  }))

test('near-duplicates are offered, and merged only as named', () =>
  withApp(async (t) => {
    const text = 'Deployments go out on Tuesdays after the release train has left the staging environment'
    const first = await add(t, 'deploys', text, { tags: ['ops'] })
    const second = await add(t, 'deploy days', `${text} quietly`, { tags: ['release'] })
    const other = await add(t, 'walrus', 'Something else entirely that shares no word with the rest')
    const offer = () => t.call<{ groups: object[] }>('memory_relation', 'consolidate', {})
    expect(await offer()).toMatchObject({
      dry_run: true,
      groups: [{ keep: { id: second.id }, duplicates: [{ id: first.id, similarity: expect.any(Number) }] }],
    })
    expect(await t.refused('memory_relation', 'consolidate', { dry_run: false })).toMatchObject({
      name: 'MISSING_FIELD',
    })
    expect(await found(t, 'deployments')).toHaveLength(2)

    const merge = { dry_run: false, keep: second.id, merge: [first.id] }
    const merged = await t.call('memory_relation', 'consolidate', merge)
    expect(merged).toMatchObject({ kept: { id: second.id, tags: ['release', 'ops'] }, merged: [first.id] })
    expect(await found(t, 'deployments')).toEqual(['deploy days'])
    expect((await offer()).groups).toEqual([])
    expect(await t.call('memory_relation', 'consolidate', merge)).toMatchObject({ merged: [first.id] })

    const back = { dry_run: false, keep: first.id, merge: [second.id] }
    expect(await t.refused('memory_relation', 'consolidate', back)).toMatchObject({
      name: 'INVALID_PARAMETER',
    })
    const self = { dry_run: false, keep: other.id, merge: [other.id] }
    expect(await t.refused('memory_relation', 'consolidate', self)).toMatchObject({
      name: 'INVALID_PARAMETER',
    })
  }))
