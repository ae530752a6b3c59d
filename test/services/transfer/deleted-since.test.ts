import { describe, expect, test } from 'vitest'
import { type TestApp, withApp } from '../../support/app.ts'
import { importedGraph, importedMarkdown, listed, refusal } from './drafts.ts'
import { exported, imported } from './files.ts'

// What was deleted here does not come back by reading its file again.

const PAGE = '# Rules\n\n## Money\n\nInteger cents.\n\n## Dates\n\nUTC only.\n'
const FILES = { 'AGENTS.md': PAGE }
const CHANGED = { 'AGENTS.md': PAGE.replace('Integer cents.', 'Decimal text.') }
const MONEY = 'Rules > Money'

async function names(t: TestApp): Promise<string[]> {
  return Object.keys(await listed(t, 'guideline')).toSorted()
}

/** The page was read, and one of its two entries deleted. */
function withOneDeleted(body: (t: TestApp, id: string) => Promise<void>): Promise<void> {
  return withApp(async (t) => {
    await importedMarkdown(t, FILES)
    const id = (await listed(t, 'guideline'))[MONEY]?.id ?? ''
    await t.call('memory_guideline', 'delete', { id })
    await body(t, id)
  })
}

describe('a heading whose entry was deleted', () => {
  test.each(['refuse', 'keep', 'newer'] as const)('makes no new one with %s', (onConflict) =>
    withOneDeleted(async (t, id) => {
      // The file may have been touched since.
      const settings = { onConflict, modifiedAt: '2999-01-01T00:00:00.000Z' }
      const report = await importedMarkdown(t, FILES, settings)
      expect(report.counts).toEqual({ added: 0, updated: 0, identical: 1, kept: 0, deleted: 1 })
      expect(report.changes).toEqual([
        { outcome: 'deleted', id, type: 'guideline', name: MONEY, file: 'AGENTS.md', line: 3 },
      ])
      expect(report.vanished).toEqual([])
      expect(await names(t)).toEqual(['Rules > Dates'])
    }),
  )

  test('makes one where that is asked for, which may be deleted again', () =>
    withOneDeleted(async (t) => {
      expect((await importedMarkdown(t, FILES, { onConflict: 'replace' })).counts).toMatchObject({ added: 1 })
      expect((await importedMarkdown(t, FILES)).counts).toMatchObject({ identical: 2, deleted: 0 })
      await t.call('memory_guideline', 'delete', { name: MONEY })
      expect((await importedMarkdown(t, FILES)).counts).toMatchObject({ identical: 1, deleted: 1 })
    }))

  test('and whose words have changed since is a conflict, or is settled as the caller chose', () =>
    withOneDeleted(async (t, id) => {
      const error = await refusal(importedMarkdown(t, CHANGED))
      expect(error).toMatchObject({ name: 'CONFLICT', details: { file: 'AGENTS.md', line: 3, id } })
      expect(error.message).toContain(
        'AGENTS.md, line 3: the guideline was deleted here, and has changed since',
      )
      expect(error.suggestion).toContain('bring it back')
      expect((await importedMarkdown(t, CHANGED, { onConflict: 'keep' })).counts).toMatchObject({
        deleted: 1,
      })
      const newer = (modifiedAt: string) => importedMarkdown(t, CHANGED, { onConflict: 'newer', modifiedAt })
      expect((await newer('2020-01-01T00:00:00.000Z')).counts).toMatchObject({ deleted: 1 })
      expect((await newer('2999-01-01T00:00:00.000Z')).counts).toMatchObject({ added: 1 })
      expect((await listed(t, 'guideline'))[MONEY]?.content).toBe('Decimal text.')
    }))

  test('makes none in a copy either, and its export says none of its words', () =>
    withOneDeleted((t) =>
      withApp(async (copy) => {
        const file = await exported(t)
        expect(file).not.toContain('Money')
        await imported(copy, file)
        expect(await exported(copy)).toBe(file)
        const [, project = ''] =
          /"kind":"scope","scope":\{"id":"([^"]+)"[^}]*"type":"project"/.exec(file) ?? []
        const report = await importedMarkdown(copy, FILES, { scope: project })
        expect(report.counts).toMatchObject({ added: 0, identical: 1, deleted: 1 })
      }),
    ))

  test('makes one in another scope', () =>
    withOneDeleted(async (t) => {
      expect((await importedMarkdown(t, FILES, { scope: 'global' })).counts).toMatchObject({ added: 2 })
    }))

  test('makes none after the project has gone into another one', () =>
    withOneDeleted(async (t) => {
      const { id: from } = await t.call<{ id: string }>('memory_scope', 'current')
      const other = { scope_type: 'project', name: 'other', root_path: '/elsewhere' }
      const { id: to } = await t.call<{ id: string }>('memory_scope', 'create', other)
      await t.call('memory_scope', 'move', { from, to })
      const { counts } = await importedMarkdown(t, FILES, { scope: to })
      expect(counts).toMatchObject({ added: 0, identical: 1, deleted: 1 })
    }))
})

test('an entity whose entry was deleted makes none, and its links say so', () =>
  withApp(async (t) => {
    const entity = (name: string) => ({ type: 'entity', name, entityType: 'Service', observations: ['x'] })
    const link = { type: 'relation', from: 'Checkout', to: 'Stripe', relationType: 'uses' }
    const self = { ...link, to: 'Checkout' }
    const graph = [entity('Checkout'), entity('Stripe'), link, self]
      .map((one) => JSON.stringify(one))
      .join('\n')
    expect((await importedGraph(t, graph)).left_out).toMatchObject([
      { to: 'Checkout', line: 4, why: 'both ends are one entry' },
    ])
    await t.call('memory_knowledge', 'delete', { name: 'Stripe' })
    const { counts, left_out } = await importedGraph(t, graph)
    expect(counts).toMatchObject({ added: 0, identical: 1, deleted: 1 })
    expect(left_out[0]).toMatchObject({ to: 'Stripe', line: 3, why: '"Stripe" was deleted here' })
  }))
