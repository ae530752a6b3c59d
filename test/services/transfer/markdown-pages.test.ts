import { describe, expect, test } from 'vitest'
import { readMarkdown } from '../../../src/services/transfer/drafts/markdown.ts'
import type { DraftReport } from '../../../src/services/transfer/drafts/report.ts'
import type { OnConflict } from '../../../src/services/transfer/import/run.ts'
import { type TestApp, withApp } from '../../support/app.ts'
import { fill } from '../../support/one-of-everything.ts'
import { refusal } from './drafts.ts'
import { exported } from './files.ts'

type Pages = Map<string, string>

async function pagesOf({ app }: TestApp): Promise<Pages> {
  const pages: Pages = new Map()
  await app.services.transfer.exportMarkdown(async ({ path, text }) => {
    expect(pages.has(path)).toBe(false)
    pages.set(path, text)
  })
  return pages
}

async function takenBack(t: TestApp, pages: Pages, onConflict: OnConflict = 'refuse'): Promise<DraftReport> {
  const files = [...pages].map(([path, text]) => ({
    source: async function* () {
      yield Buffer.from(text)
    },
    label: `pages/${path}`,
    path,
    modifiedAt: null,
  }))
  const reading = await readMarkdown(files, { type: undefined, covers: () => false })
  const caller = { agentId: 'importer', workspace: t.workspace }
  return t.app.services.drafts.import(caller, reading, { scope: undefined, onConflict, isDryRun: false })
}

/** What both ways of export have in common: no sessions, no history. */
async function stateOf(t: TestApp): Promise<unknown[]> {
  const records = (await exported(t))
    .trimEnd()
    .split('\n')
    .map(
      (line) =>
        JSON.parse(line) as { kind: string; scope?: { type: string }; entry?: { scope_type: string } },
    )
  return records.filter(
    ({ kind, scope, entry }) =>
      ['scope', 'entry', 'relation'].includes(kind) &&
      scope?.type !== 'session' &&
      entry?.scope_type !== 'session',
  )
}

const HARD = [
  { name: 'plain', content: 'one' },
  { name: 'Plain', content: '' },
  { name: 'a # heading, *stars* and "quotes": [x](y)', content: '# Top\n\n## Sub\n\n---\n\nlast' },
  { name: 'two\nlines', content: 'windows\r\nlines\r\n' },
  { name: 'con', content: '---\nfront: matter\n---\n\nbody' },
  { name: '事実 👋', content: '\n\nleading and trailing\n\n' },
  {
    name: '2026-01-01',
    content: '    indented\n\ttab',
    metadata: { date: '2026-01-01', no: 'no', list: [1, null], deep: { a: '# b' } },
  },
  { name: 'two  blanks', content: 'a' },
  { name: 'a\ttab', content: 'lone\rreturn' },
  { name: 'no\u00a0break', content: 'b' },
  { name: 'line\u2028separator', content: 'c' },
  { name: '...', content: 'é'.repeat(2_000) },
]

describe('pages of Markdown', () => {
  test('give back the same entries, scopes and links', () =>
    withApp((from) =>
      withApp(async (to) => {
        await fill(from)
        await from.call('memory_knowledge', 'bulk_add', { scope_type: 'global', entries: HARD })
        const pages = await pagesOf(from)
        expect([...pages.keys()]).toEqual(
          expect.arrayContaining([
            'README.md',
            'global/scope.md',
            'global/knowledge/plain.md',
            'global/knowledge/plain-2.md',
          ]),
        )
        await takenBack(to, pages)
        expect(await stateOf(to)).toEqual(await stateOf(from))
        expect(await pagesOf(to)).toEqual(pages)
        const again = await takenBack(to, pages)
        expect(again.counts).toMatchObject({ added: 0, updated: 0, kept: 0 })
      }),
    ))

  test('are read by a person: the name is the heading, the words stand below', () =>
    withApp(async (t) => {
      await t.call('memory_guideline', 'add', {
        scope_type: 'global',
        name: 'No force push',
        content: 'Never.\n\n- ever',
        tags: ['git'],
      })
      const page = (await pagesOf(t)).get('global/guideline/no-force-push.md')
      expect(page).toMatch(
        /^---\nagent_memory: entry\n[\s\S]*tags:\n {2}- git\n[\s\S]*---\n\n# No force push\n\nNever\.\n\n- ever\n$/,
      )
    }))

  test.each([
    ['LF', (text: string) => text],
    ['CRLF', (text: string) => text.replaceAll('\n', '\r\n')],
  ])(
    'that were edited with %s are the next version; one that was changed here too is a conflict',
    (_what, save) =>
      withApp(async (t) => {
        const { id } = await t.call<{ id: string }>('memory_guideline', 'add', {
          scope_type: 'global',
          name: 'Pushes',
          content: 'Never.',
        })
        await t.call('memory_guideline', 'add', {
          scope_type: 'global',
          name: 'Other',
          content: 'As it was.',
        })
        const pages = await pagesOf(t)
        const edited = new Map(
          [...pages].map(([path, text]) => [
            path,
            save(text.replace('# Pushes\n\nNever.', '# Force pushes\n\nRarely.')),
          ]),
        )
        const report = await takenBack(t, edited)
        expect(report).toMatchObject({
          counts: { updated: 1, identical: 1 },
          changes: [{ id, file: 'pages/global/guideline/pushes.md' }],
        })
        expect(await t.call('memory_guideline', 'get', { id })).toMatchObject({
          name: 'Force pushes',
          content: 'Rarely.',
          version: 2,
        })
        const error = await refusal(takenBack(t, pages))
        expect(error).toMatchObject({
          name: 'CONFLICT',
          details: { file: 'pages/global/guideline/pushes.md' },
        })
        expect(error.message).toMatch(/^pages\/global\/guideline\/pushes\.md: /)
        expect((await takenBack(t, pages, 'keep')).counts).toMatchObject({ kept: 1 })
      }),
  )

  test('that were edited are what the person wrote, also where a page cannot show the name or the words exactly', () =>
    withApp(async (t) => {
      const scope = { scope_type: 'global' }
      const words = { ...scope, name: 'Of Windows', content: 'one\r\ntwo' }
      const { id } = await t.call<{ id: string }>('memory_knowledge', 'add', words)
      const name = { ...scope, name: 'two  blanks', content: 'x' }
      const other = await t.call<{ id: string }>('memory_knowledge', 'add', name)
      const edited = new Map(
        [...(await pagesOf(t))].map(([path, text]) => [
          path,
          text.replace('\none\r\ntwo', '\none\r\nthree').replace('# two blanks', '# three blanks'),
        ]),
      )
      expect((await takenBack(t, edited)).counts).toMatchObject({ updated: 2 })
      const { content } = await t.call<{ content: string }>('memory_knowledge', 'get', { id })
      expect(content).toBe('one\nthree')
      expect(await t.call('memory_knowledge', 'get', { id: other.id })).toMatchObject({
        name: 'three blanks',
      })
    }))

  test('that were broken are named, and nothing is taken', () =>
    withApp((from) =>
      withApp(async (to) => {
        await from.call('memory_guideline', 'add', { scope_type: 'global', name: 'One', content: 'x' })
        const pages = await pagesOf(from)
        const path = 'global/guideline/one.md'
        for (const [wrong, message] of [
          [(text: string) => text.replace('priority: 50', 'priority: high'), 'priority'],
          [(text: string) => text.replace('# One', 'One'), 'without "# NAME"'],
          [(text: string) => text.replace('type: guideline', 'type: poem'), 'type'],
        ] as const) {
          const error = await refusal(
            takenBack(to, new Map([...pages, [path, wrong(pages.get(path) ?? '')]])),
          )
          expect(error).toMatchObject({ name: 'INVALID_PARAMETER', details: { file: `pages/${path}` } })
          expect(error.message).toContain(message)
        }
        expect(await stateOf(to)).toHaveLength(1)
      }),
    ))
})
