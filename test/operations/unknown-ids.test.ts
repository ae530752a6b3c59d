import { expect, test } from 'vitest'
import { withApp } from '../support/app.ts'

// Agents shorten ids, and write names where ids belong. Nothing is guessed; the refusal names what may be meant.

const cuts = [
  ['without its last digit', (id: string) => id.slice(0, -1)],
  ['with dots in place of the rest', (id: string) => `${id.slice(0, 20)}…`],
  ['without its hyphens', (id: string) => id.replaceAll('-', '')],
] as const

test.each(cuts)('an id %s is answered with the one that begins so', (_, cut) =>
  withApp(async (t) => {
    const rate = await t.call('memory_knowledge', 'add', { name: 'Rate', content: '40 a minute' })
    const other = await t.call('memory_knowledge', 'add', { name: 'Other', content: 'Other words' })
    const id = cut(rate.id)
    const calls = [
      t.refused('memory_knowledge', 'get', { id }),
      t.refused('memory_knowledge', 'update', { id, content: 'x' }),
      t.refused('memory_query', 'get', { id }),
      t.refused('memory_tag', 'attach', { entry_id: id, tags: ['a'] }),
      t.refused('memory_relation', 'create', { from_id: id, to_id: other.id, relation_type: 'about' }),
      t.refused('memory_relation', 'consolidate', { keep: other.id, merge: [id], dry_run: false }),
    ]
    for (const refusal of await Promise.all(calls))
      expect(refusal).toMatchObject({
        name: 'NOT_FOUND',
        suggestion: expect.stringContaining(rate.id),
        details: { nearest: [{ id: rate.id, type: 'knowledge', name: 'Rate' }] },
      })
  }),
)

test('several that begin so are listed, at most five', () =>
  withApp(async (t) => {
    const entries = Array.from({ length: 7 }, (_, at) => ({ name: `n${at}`, content: 'c' }))
    const { entries: added } = await t.call('memory_knowledge', 'bulk_add', { entries })
    // Ids of one call lie within a moment, unless the first digits moved on in between.
    const start = added[0]?.id.slice(0, 8) ?? ''
    const same = added.filter(({ id }) => id.startsWith(start)).slice(0, 5)
    const { details } = await t.refused('memory_knowledge', 'get', { id: start })
    expect(details).toMatchObject({ nearest: same.map(({ id }) => ({ id })) })
  }))

test('a name in place of an id is told apart from one', () =>
  withApp(async (t) => {
    await t.call('memory_knowledge', 'add', { name: 'Rate', content: '40 a minute' })
    expect(await t.refused('memory_knowledge', 'get', { id: 'Rate' })).toMatchObject({
      name: 'NOT_FOUND',
      suggestion: expect.stringContaining('A name goes into name'),
    })
  }))

test('callers with rights learn nothing from a part of an id', () =>
  withApp({ env: { AGENT_MEMORY_PERMISSIONS_MODE: 'strict' } }, async (t) => {
    const [first = ''] = (await t.refused('memory_knowledge', 'get', { id: '01a22a01' })).message.split('\n')
    expect(first).toContain('that this agent may read')
  }))
