import { describe, expect, test } from 'vitest'
import { withApp } from '../../support/app.ts'
import { importedMarkdown, listed, refusal } from './drafts.ts'

const AGENTS = `Before all headings.

# Rules

What holds **everywhere**.

## Money

Integer cents.

\`\`\`sh
# no heading
\`\`\`

> ## no heading either

## \`Dates\` and [times](https://example.com)

UTC only.

## Empty

Setext
------

    indented code stays
`

describe('a Markdown file', () => {
  test('becomes one entry a heading, with the words as they stand there', () =>
    withApp(async (t) => {
      const report = await importedMarkdown(t, { 'AGENTS.md': AGENTS })
      expect(report.counts).toEqual({ added: 5, updated: 0, identical: 0, kept: 0, deleted: 0 })
      const entries = await listed(t, 'guideline')
      expect(Object.fromEntries(Object.values(entries).map(({ name, content }) => [name, content]))).toEqual({
        AGENTS: 'Before all headings.',
        Rules: 'What holds **everywhere**.',
        'Rules > Money': 'Integer cents.\n\n```sh\n# no heading\n```\n\n> ## no heading either',
        'Rules > Dates and times': 'UTC only.',
        'Rules > Setext': '    indented code stays',
      })
      expect(entries['Rules > Money']?.metadata).toMatchObject({
        imported: { from: 'markdown', file: 'AGENTS.md', heading: 'Rules > Money' },
      })
      expect(report.changes.map(({ line }) => line)).toEqual([1, 3, 7, 17, 23])
    }))

  test.each<[string, (text: string) => string | Buffer]>([
    ['a byte order mark', (text) => `\ufeff${text}`],
    ['CRLF', (text) => text.replaceAll('\n', '\r\n')],
    ['UTF-16 LE', (text) => Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['UTF-16 BE', (text) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
  ])('with %s is the same file', (_what, touch) =>
    withApp(async (t) => {
      await importedMarkdown(t, { 'AGENTS.md': AGENTS })
      const again = await importedMarkdown(t, { 'AGENTS.md': touch(AGENTS) })
      expect(again).toMatchObject({ counts: { identical: 5, added: 0, updated: 0 }, vanished: [] })
    }),
  )

  test('is a guideline for agents, a decision or knowledge by where it lies; its source is kept', () =>
    withApp(async (t) => {
      await importedMarkdown(t, {
        '.cursor/rules/tests.mdc':
          '---\ndescription: How we test\nglobs: *.test.ts, **/*.{spec,it}.ts\n---\n# Testing\n\nvitest\n',
        '.github/instructions/py.instructions.md': '---\napplyTo: "**/*.py"\n---\nUse ruff.\n',
        'packages/api/AGENTS.md': '# API\n\nNo callbacks.\n',
        'docs/adr/0001-postgres.md': '# Use Postgres\n\n## Decision\n\nPostgres it is.\n',
        'memory-bank/progress.md': '# Progress\n\nHalf done.\n',
      })
      const guidelines = await listed(t, 'guideline')
      expect(guidelines['Testing']).toMatchObject({
        applies_to: ['*.test.ts', '**/*.{spec,it}.ts'],
        metadata: { description: 'How we test' },
      })
      expect(guidelines['py.instructions']).toMatchObject({ applies_to: ['**/*.py'], content: 'Use ruff.' })
      expect(guidelines['API']).toMatchObject({ applies_to: ['packages/api/**'] })
      const knowledge = await listed(t, 'knowledge')
      expect(knowledge['Use Postgres > Decision']).toMatchObject({
        category: 'decision',
        source: 'docs/adr/0001-postgres.md',
      })
      expect(knowledge['Progress']).toMatchObject({ source: 'memory-bank/progress.md' })
    }))

  test('goes to the scope and the type that the caller names', () =>
    withApp(async (t) => {
      const settings = { scope: 'global', type: 'tool' }
      expect(await importedMarkdown(t, { 'AGENTS.md': '# Build\n\nmake all\n' }, settings)).toMatchObject({
        scope_type: 'global',
        scope_id: null,
      })
      expect(await listed(t, 'tool', { scope_type: 'global' })).toMatchObject({
        Build: { content: 'make all' },
      })
    }))

  test('with headings that two files share, or one has twice, gives each a name', () =>
    withApp(async (t) => {
      const text = '# Setup\n\n## Test\n\none\n\n## Test\n\ntwo\n'
      await importedMarkdown(t, { 'AGENTS.md': text, 'CLAUDE.md': text })
      const names = Object.values(await listed(t, 'guideline')).map(({ name, content }) => [name, content])
      expect(names.toSorted()).toEqual([
        ['Setup > Test (AGENTS.md)', 'two'],
        ['Setup > Test (CLAUDE.md) 2', 'two'],
        ['Setup > Test (CLAUDE.md)', 'one'],
        ['Setup > Test', 'one'],
      ])
      const again = await importedMarkdown(t, { 'AGENTS.md': text, 'CLAUDE.md': text })
      expect(again.counts).toMatchObject({ identical: 4 })
    }))

  test('has a name for every heading, however long, and for one without words', () =>
    withApp(async (t) => {
      const long = 'é'.repeat(400)
      await importedMarkdown(t, { 'AGENTS.md': `# Top\n\n## ${long}\n\na\n\n#\n\nb\n` })
      const [cut, untitled] = Object.values(await listed(t, 'guideline')).toSorted((a, b) =>
        a.content.localeCompare(b.content),
      )
      expect(cut?.name).toMatch(/^é+…$/)
      expect(Buffer.byteLength(cut?.name ?? '')).toBeLessThanOrEqual(512)
      expect(untitled).toMatchObject({ name: 'Untitled', content: 'b' })
    }))
})

describe('a second import', () => {
  test('updates what has changed in the file, names what is gone from it, and deletes nothing', () =>
    withApp(async (t) => {
      await importedMarkdown(t, { 'AGENTS.md': AGENTS })
      const file = AGENTS.replace('UTC only.', 'UTC, with milliseconds.').replace(
        /## Money[\s\S]*?(?=## `Dates)/,
        '',
      )
      const report = await importedMarkdown(t, { 'AGENTS.md': `${file}\n# New\n\nnews\n` })
      expect(report.counts).toEqual({ added: 1, updated: 1, identical: 3, kept: 0, deleted: 0 })
      expect(report.vanished).toMatchObject([{ name: 'Rules > Money', file: 'AGENTS.md' }])
      const entries = await listed(t, 'guideline')
      expect(entries['Rules > Dates and times']).toMatchObject({
        version: 2,
        content: 'UTC, with milliseconds.',
      })
      expect(entries['Rules > Money']).toMatchObject({ version: 1 })
    }))

  test('leaves what an agent has changed here while the file stayed, and the tags and name it gave', () =>
    withApp(async (t) => {
      await importedMarkdown(t, { 'AGENTS.md': AGENTS })
      const { 'Rules > Money': money, 'Rules > Setext': code } = await listed(t, 'guideline')
      await t.call('memory_guideline', 'update', { id: money?.id, content: 'Decimal text.' })
      await t.call('memory_guideline', 'update', { id: code?.id, name: 'Code', tags: ['style'] })
      const file = AGENTS.replace('indented code stays', 'fenced code stays')
      const report = await importedMarkdown(t, { 'AGENTS.md': file })
      expect(report.counts).toMatchObject({ updated: 1, identical: 4 })
      const after = await listed(t, 'guideline')
      expect(after['Rules > Money']).toMatchObject({ content: 'Decimal text.' })
      expect(after['Code']).toMatchObject({ content: '    fenced code stays', tags: ['style'] })
    }))

  test('of what was changed here and in the file is refused with its line, or is settled as the caller chose', () =>
    withApp(async (t) => {
      await importedMarkdown(t, { 'AGENTS.md': AGENTS })
      const { 'Rules > Dates and times': dates, Rules: rules } = await listed(t, 'guideline')
      await t.call('memory_guideline', 'update', { id: dates?.id, content: 'here' })
      const changed = { 'AGENTS.md': AGENTS.replace('UTC only.', 'there').replace('everywhere', 'always') }
      const contentOf = async (id = '') => (await t.call('memory_guideline', 'get', { id }))['content']
      const error = await refusal(importedMarkdown(t, changed))
      expect(error).toMatchObject({
        name: 'CONFLICT',
        details: { file: 'AGENTS.md', line: 17, id: dates?.id },
      })
      expect(error.message).toMatch(/^AGENTS\.md, line 17: /)
      // All or nothing: the other change of the file was not taken either.
      expect(await contentOf(rules?.id)).toContain('everywhere')
      await importedMarkdown(t, changed, { onConflict: 'keep' })
      expect([await contentOf(dates?.id), await contentOf(rules?.id)]).toEqual([
        'here',
        'What holds **always**.',
      ])
      await importedMarkdown(t, changed, { onConflict: 'newer', modifiedAt: '2020-01-01T00:00:00.000Z' })
      expect(await contentOf(dates?.id)).toBe('here')
      await importedMarkdown(t, changed, { onConflict: 'newer', modifiedAt: '2999-01-01T00:00:00.000Z' })
      expect(await contentOf(dates?.id)).toBe('there')
    }))
})

test('a dry run says the same and changes nothing', () =>
  withApp(async (t) => {
    const before = await t.call('memory_scope', 'current')
    const dry = await importedMarkdown(t, { 'AGENTS.md': AGENTS }, { isDryRun: true })
    expect(dry).toMatchObject({ counts: { added: 5 }, dry_run: true })
    expect(await t.call('memory_scope', 'current')).toEqual(before)
    expect(await listed(t, 'guideline')).toEqual({})
    const real = await importedMarkdown(t, { 'AGENTS.md': AGENTS })
    expect(real.changes.map(({ name, line }) => [name, line])).toEqual(
      dry.changes.map(({ name, line }) => [name, line]),
    )
  }))

test('what cannot be stored is refused with file and line, and nothing is', () =>
  withApp(async (t) => {
    const secret = `aws_secret_access_key = ${['wJalrXUtnFEMI/K7MDENG', 'bPxRfiCYzzzAMPLEKEY'].join('/')}`
    for (const [text, line, message] of [
      [`# One\n\nfine\n\n# Two\n\n${'x'.repeat(262_145)}\n`, 5, 'content'],
      [`# One\n\nfine\n\n## Three\n\na\0b\n`, 5, 'content'],
      [Buffer.from('# One\n\nfine\n\n\xff\n', 'latin1'), 5, 'UTF-8'],
    ] as const) {
      const error = await refusal(importedMarkdown(t, { 'docs/a.md': text }))
      expect(error).toMatchObject({ name: 'INVALID_PARAMETER', details: { file: 'docs/a.md', line } })
      expect(error.message).toContain(message)
    }
    const refused = await refusal(
      importedMarkdown(t, { 'docs/a.md': `# One\n\nfine\n\n# Two\n\n${secret}\n` }),
    )
    expect(refused).toMatchObject({ name: 'SECRET_REFUSED' })
    expect(refused.message).toMatch(/^docs\/a\.md, line 5: content/)
    expect(JSON.stringify(refused)).not.toContain('wJalr')
    expect(await listed(t, 'knowledge')).toEqual({})
  }))

test('with AGENT_MEMORY_SECRETS=mask a secret is masked on its way in, and the second import finds nothing new', () =>
  withApp({ env: { AGENT_MEMORY_SECRETS: 'mask' } }, async (t) => {
    const token = ['ghp', 'A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8'].join('_')
    const files = { 'docs/a.md': `# Deploy\n\nUse ${token} there.\n` }
    await importedMarkdown(t, files)
    const { Deploy: entry } = await listed(t, 'knowledge')
    expect(entry?.content).toMatch(/^Use \[.+ masked\] there\.$/)
    expect((await importedMarkdown(t, files)).counts).toMatchObject({ identical: 1 })
  }))
