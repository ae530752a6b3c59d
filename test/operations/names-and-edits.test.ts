import { describe, expect, test } from 'vitest'
import { type TestApp, withApp } from '../support/app.ts'

const TOOL = 'memory_knowledge'
type Made = { id: string; version: number; content: string; tags: string[] }

function add(t: TestApp, name: string, more: object = {}): Promise<Made> {
  return t.call<Made>(TOOL, 'add', { name, content: 'c', ...more })
}

function update(t: TestApp, more: object, agentId = 'tester'): Promise<Made> {
  return t.call<Made>(TOOL, 'update', { name: 'note', ...more }, { agentId })
}

describe('names', () => {
  test('in another form of Unicode are the same', () =>
    withApp(async (t) => {
      const { id } = await add(t, 'Caf\u00e9 menu')
      expect(await t.refused(TOOL, 'add', { name: 'Cafe\u0301 menu', content: 'other' })).toMatchObject({
        name: 'ALREADY_EXISTS',
        details: { id },
      })
      expect(await t.call(TOOL, 'get', { name: 'Cafe\u0301 menu' })).toMatchObject({
        id,
        name: 'Caf\u00e9 menu',
      })
      const entries = [
        { name: 'e\u0301', content: '1' },
        { name: '\u00e9', content: '2' },
      ]
      expect(await t.refused(TOOL, 'bulk_add', { entries })).toMatchObject({ name: 'ALREADY_EXISTS' })
    }))

  test('that are no more than 512 bytes only in the form they came in are refused', () =>
    withApp(async (t) => {
      // One letter of three bytes, of which NFC makes two of three bytes each.
      const name = '\u0958'.repeat(170)
      expect(await t.refused(TOOL, 'add', { name, content: 'c' })).toMatchObject({ name: 'TOO_LARGE' })
    }))

  test.each(['get', 'update', 'history', 'deactivate', 'delete'])(
    'that are not there: %s names the nearest',
    (action) =>
      withApp(async (t) => {
        const { id } = await add(t, 'Payment Provider', { content: 'Stripe' })
        await add(t, 'Cache layer')
        const more = action === 'update' ? { content: 'x' } : {}
        for (const name of ['payment provider', 'Payment Providr', 'payment-provider', 'provider payment']) {
          const error = await t.refused(TOOL, action, { name, ...more })
          expect(error.name).toBe('NOT_FOUND')
          expect(error.details?.['nearest']).toMatchObject([
            { id, name: 'Payment Provider', type: 'knowledge' },
          ])
        }
        const error = await t.refused(TOOL, action, { name: 'Zebra', ...more })
        expect(error.details).toEqual({ name: 'Zebra' })
        expect(await t.call(TOOL, 'get', { id })).toMatchObject({
          version: 1,
          content: 'Stripe',
          status: 'active',
        })
      }),
  )

  test('of other types and of wider scopes are named too', () =>
    withApp(async (t) => {
      const { id } = await t.call<Made>('memory_guideline', 'add', {
        name: 'Deploys',
        content: 'c',
        scope_type: 'global',
      })
      const error = await t.refused(TOOL, 'update', { name: 'deploys', content: 'x' })
      expect(error.details?.['nearest']).toEqual([
        { id, type: 'guideline', name: 'Deploys', scope_type: 'global', scope_id: null },
      ])
    }))
})

describe('tags', () => {
  test('meet without regard to case, shown as first written', () =>
    withApp(async (t) => {
      const one = await add(t, 'one', { tags: ['Money', 'money', 'Caf\u00e9'] })
      expect(one.tags).toEqual(['Money', 'Caf\u00e9'])
      const two = await add(t, 'two', { tags: ['MONEY'] })
      const three = await add(t, 'three', { tags: ['cafe\u0301'] })
      const found = async (tags: object) => {
        const { entries } = await t.call<{ entries: Made[] }>(TOOL, 'list', { tags })
        const { results } = await t.call<{ results: Made[] }>('memory_query', 'search', {
          query: 'one two three',
          tags,
        })
        const ids = entries.map(({ id }) => id)
        expect(results.map(({ id }) => id).sort()).toEqual(ids.sort())
        return ids
      }
      expect(await found({ include: ['mOney'] })).toEqual([one.id, two.id].sort())
      expect(await found({ include: ['CAF\u00c9'] })).toEqual([one.id, three.id].sort())
      expect(await found({ exclude: ['money'] })).toEqual([three.id])
      expect(await t.call('memory_tag', 'list', {})).toMatchObject({
        tags: [
          { tag: 'Caf\u00e9', count: 2 },
          { tag: 'Money', count: 2 },
        ],
      })
      expect(await t.call('memory_tag', 'list', { prefix: 'MO' })).toMatchObject({ tags: [{ tag: 'Money' }] })
      expect(await t.call('memory_tag', 'attach', { entry_id: two.id, tags: ['money'] })).toMatchObject({
        version: 1,
      })
      expect(await t.call('memory_tag', 'detach', { entry_id: two.id, tags: ['money'] })).toMatchObject({
        tags: [],
      })
    }))
})

describe('an edit', () => {
  test('appends on a line of its own, and replaces what stands there once', () =>
    withApp(async (t) => {
      await add(t, 'note', { content: 'one two' })
      expect(await update(t, { append: 'three' })).toMatchObject({ content: 'one two\nthree', version: 2 })
      expect(await update(t, { append: ' four\n' })).toMatchObject({ content: 'one two\nthree four\n' })
      const replace = { old: 'two\nthree', new: '$& 2 3' }
      expect(await update(t, { replace, append: 'five' })).toMatchObject({ content: 'one $& 2 3 four\nfive' })
    }))

  test('that fits nowhere, or twice, changes nothing', () =>
    withApp(async (t) => {
      await add(t, 'note', { content: 'a b a' })
      const refused = async (more: object) =>
        (await t.refused(TOOL, 'update', { name: 'note', ...more })).message
      expect(await refused({ replace: { old: 'x', new: 'y' } })).toBe(
        'replace.old: the content does not hold this text.',
      )
      expect(await refused({ replace: { old: 'a', new: 'y' } })).toBe(
        'replace.old: the content holds this text 2 times.',
      )
      expect(await refused({ content: 'x', append: 'y' })).toContain('not both')
      expect(await refused({ append: 'x'.repeat(262_142) })).toContain('262144 bytes')
      expect(await t.call(TOOL, 'get', { name: 'note' })).toMatchObject({ version: 1, content: 'a b a' })
    }))

  test('with base_version: compare-and-set, and its repeat is acknowledged', () =>
    withApp(async (t) => {
      await add(t, 'note', { content: 'a' })
      const edit = { append: 'b', base_version: 1 }
      expect(await update(t, edit, 'ann')).toMatchObject({ version: 2, content: 'a\nb' })
      expect(await update(t, edit, 'ann')).toMatchObject({ version: 2, content: 'a\nb' })
      const error = await t.refused(
        TOOL,
        'update',
        { name: 'note', append: 'c', base_version: 1 },
        { agentId: 'bob' },
      )
      expect(error).toMatchObject({ name: 'CONFLICT', details: { incoming: { content: 'a\nc' } } })
      expect(await update(t, { priority: 9, base_version: 1 }, 'bob')).toMatchObject({
        merged: true,
        content: 'a\nb',
      })
    }))

  test('without it is made on what stands there: no words are lost, so there is no conflict', () =>
    withApp(async (t) => {
      await add(t, 'note', { content: 'a' })
      await update(t, { append: 'b' }, 'ann')
      const third = await update(t, { append: 'c' }, 'bob')
      expect(third).toMatchObject({ content: 'a\nb\nc' })
      expect(third).not.toHaveProperty('conflict_id')
    }))
})
