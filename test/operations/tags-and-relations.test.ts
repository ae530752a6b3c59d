import { expect, test } from 'vitest'
import { withApp } from '../support/app.ts'

test('tags are attached and detached as versions of the entry, and counted', async () => {
  await withApp(async (t) => {
    const one = await t.call<{ id: string }>('memory_knowledge', 'add', {
      name: 'one',
      content: 'c',
      tags: ['a'],
    })
    await t.call('memory_tool', 'add', { name: 'two', content: 'c', tags: ['a', 'b'] })
    const tagged = await t.call('memory_tag', 'attach', { entry_id: one.id, tags: ['b', 'c', 'a'] })
    expect(tagged).toMatchObject({ tags: ['a', 'b', 'c'], version: 2 })
    expect(await t.call('memory_tag', 'attach', { entry_id: one.id, tags: ['c'] })).toMatchObject({
      version: 2,
    })
    expect(await t.call('memory_tag', 'list', {})).toMatchObject({
      tags: [
        { tag: 'a', count: 2 },
        { tag: 'b', count: 2 },
        { tag: 'c', count: 1 },
      ],
    })
    expect(await t.call('memory_tag', 'detach', { entry_id: one.id, tags: ['a', 'x'] })).toMatchObject({
      tags: ['b', 'c'],
    })
    const { entries } = await t.call<{ entries: object[] }>('memory_knowledge', 'list', {
      tags: { include: ['a'] },
    })
    expect(entries).toEqual([])
    const first = await t.call<{ tags: object[]; next_cursor: string }>('memory_tag', 'list', { limit: 2 })
    const rest = await t.call<{ tags: object[] }>('memory_tag', 'list', {
      limit: 2,
      cursor: first.next_cursor,
    })
    expect([...first.tags, ...rest.tags]).toHaveLength(3)
    expect((await t.refused('memory_tag', 'attach', { entry_id: 'nope', tags: ['a'] })).name).toBe(
      'NOT_FOUND',
    )
  })
})

test('relations have a direction and a type, and go with their entries', async () => {
  await withApp(async (t) => {
    const add = (name: string) => t.call<{ id: string }>('memory_knowledge', 'add', { name, content: 'c' })
    const [x, y] = [await add('x'), await add('y')]
    const link = { from_id: x.id, to_id: y.id, relation_type: 'supersedes' }
    const made = await t.call<{ id: string }>('memory_relation', 'create', {
      ...link,
      metadata: { why: 'newer' },
    })
    expect(made).toMatchObject({ ...link, metadata: { why: 'newer' } })
    expect(await t.refused('memory_relation', 'create', link)).toMatchObject({
      name: 'ALREADY_EXISTS',
      details: { id: made.id },
    })
    await t.call('memory_relation', 'create', { from_id: y.id, to_id: x.id, relation_type: 'explains' })
    const list = async (args: object) =>
      (await t.call<{ relations: object[] }>('memory_relation', 'list', { entry_id: x.id, ...args }))
        .relations
    expect(await list({})).toHaveLength(2)
    expect(await list({ direction: 'from' })).toMatchObject([{ id: made.id }])
    expect(await list({ relation_type: 'explains' })).toMatchObject([{ from_id: y.id }])
    expect((await t.refused('memory_relation', 'create', { ...link, to_id: x.id })).name).toBe(
      'INVALID_PARAMETER',
    )
    expect((await t.refused('memory_relation', 'create', { ...link, to_id: 'nope' })).name).toBe('NOT_FOUND')
    expect(await t.call('memory_relation', 'delete', { id: made.id })).toMatchObject({ deleted: true })
    await t.call('memory_knowledge', 'delete', { id: y.id })
    expect(await list({})).toEqual([])
  })
})

test('entry and tag index agree, however tags are written', () =>
  withApp(async (t) => {
    const entry = { name: 'n', content: 'words', tags: ['billing,invoices', 'billing,invoices'] }
    const { id } = await t.call<{ id: string }>('memory_knowledge', 'add', entry)
    const update = (tags: string[]) => t.call('memory_knowledge', 'update', { id, tags })
    expect(await update(['billing', 'invoices'])).toMatchObject({ tags: ['billing', 'invoices'] })
    const found = async (tag: string) => {
      const { entries } = await t.call<{ entries: object[] }>('memory_knowledge', 'list', { tags: [tag] })
      return entries.length
    }
    expect([await found('billing'), await found('invoices'), await found('billing,invoices')]).toEqual([
      1, 1, 0,
    ])
    expect(await update(['a', 'a'])).toMatchObject({ tags: ['a'] })
    expect(await t.call('memory_tag', 'attach', { entry_id: id, tags: ['b', 'b', 'a'] })).toMatchObject({
      tags: ['a', 'b'],
    })
    const twice = [{ name: 'm', content: 'c', tags: ['x', 'x'] }]
    await t.call('memory_knowledge', 'bulk_add', { entries: twice })
    const { tags } = await t.call<{ tags: object[] }>('memory_tag', 'list')
    expect(tags).toEqual([
      { tag: 'a', count: 1 },
      { tag: 'b', count: 1 },
      { tag: 'x', count: 1 },
    ])
  }))
