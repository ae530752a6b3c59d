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

test.each(cuts)('so is the id of a conflict or of a relation, %s', (_, cut) =>
  withApp(async (t) => {
    const from = await t.call('memory_knowledge', 'add', { name: 'Rate', content: '40 a minute' })
    const to = await t.call('memory_knowledge', 'add', { name: 'Other', content: 'Other words' })
    const link = { from_id: from.id, to_id: to.id, relation_type: 'about' }
    const relation = await t.call('memory_relation', 'create', link)
    const change = { id: from.id, base_version: 1 }
    await t.call('memory_knowledge', 'update', { ...change, content: 'one' }, { agentId: 'b' })
    await t.refused('memory_knowledge', 'update', { ...change, content: 'two' })
    const [conflict] = (await t.call('memory_conflict', 'list', {})).conflicts
    const [conflictId, relationId] = [conflict?.id ?? '', relation.id]
    const none = { resolution: 'current' }
    for (const [id, refusal] of [
      [conflictId, await t.refused('memory_conflict', 'get', { id: cut(conflictId) })],
      [conflictId, await t.refused('memory_conflict', 'resolve', { id: cut(conflictId), ...none })],
      [relationId, await t.refused('memory_relation', 'delete', { id: cut(relationId) })],
    ] as const)
      expect(refusal).toMatchObject({
        name: 'NOT_FOUND',
        suggestion: expect.stringContaining(id),
        details: { nearest: [{ id }] },
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
    for (const [tool, action] of [
      ['memory_conflict', 'get'],
      ['memory_relation', 'delete'],
    ] as const)
      expect((await t.refused(tool, action, { id: '01a22a01' })).details).not.toHaveProperty('nearest')
    const [first = ''] = (await t.refused('memory_knowledge', 'get', { id: '01a22a01' })).message.split('\n')
    expect(first).toContain('that this agent may read')
  }))
