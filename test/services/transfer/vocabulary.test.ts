import { expect, test } from 'vitest'
import { type TestApp, withApp } from '../../support/app.ts'
import { exported, imported, refusedImport } from './files.ts'

// Words that are mistyped in a question are found by a list of all words, which an import keeps in its own way.

const ENTRIES = 620

async function file(): Promise<string> {
  return withApp(async (from) => {
    const entries = Array.from({ length: ENTRIES }, (_, n) => ({
      name: `Fact ${n}`,
      content: n === 17 ? 'The archaeopteryx has teeth.' : `Number ${n} has none.`,
    }))
    await from.call('memory_knowledge', 'bulk_add', { scope_type: 'global', entries })
    return exported(from)
  })
}

const namesFor = async (t: TestApp, query: string) =>
  (
    await t.call<{ results: { name: string }[] }>('memory_query', 'search', { scope_type: 'global', query })
  ).results.map(({ name }) => name)

async function expectNewWordsFound(t: TestApp): Promise<void> {
  await t.call('memory_knowledge', 'add', {
    scope_type: 'global',
    name: 'Later',
    content: 'Then came the ichthyornis.',
  })
  expect(await namesFor(t, 'ichtyornis')).toContain('Later')
}

test('a mistyped word of an imported entry is found, and so is one that comes later', async () => {
  const given = await file()
  await withApp(async (t) => {
    expect((await imported(t, given)).entry.added).toBe(ENTRIES)
    expect((await namesFor(t, 'archeopteryx'))[0]).toBe('Fact 17')
    await expectNewWordsFound(t)
  })
})

test('after an import that failed as well', async () => {
  const given = await file()
  const lines = given.split('\n')
  await withApp(async (t) => {
    // Names an entry that is not there: that shows when all others are written.
    const relation = {
      id: 'r1',
      from_id: 'none',
      to_id: 'nothing',
      relation_type: 'needs',
      metadata: {},
      created_at: '2026-01-01T00:00:00.000Z',
      created_by: 'a',
    }
    const odd = given
      .replace('"relation":0', '"relation":1')
      .replace(`${lines.at(-2)}\n`, (last) => `${last}${JSON.stringify({ kind: 'relation', relation })}\n`)
    expect((await refusedImport(t, odd)).message).toContain('neither in the file nor here')
    await expectNewWordsFound(t)
    expect((await imported(t, given)).entry.added).toBe(ENTRIES)
    expect((await namesFor(t, 'archeopteryx'))[0]).toBe('Fact 17')
  })
})
