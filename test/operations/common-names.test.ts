import { expect, test } from 'vitest'
import { withApp } from '../support/app.ts'

// Words that say nothing in a question are names now and then: of a band, a department, a product.

interface Found {
  readonly results: readonly { readonly name: string; readonly score: number }[]
  readonly answered?: string
}

test.each([
  ['Who', 'who'],
  ['IT', 'it'],
  ['Now', 'Now'],
  ['Über', 'über?'],
  ['will', '"Will"'],
])('an entry named %s is found by %s', (name, query) =>
  withApp(async (t) => {
    await t.call('memory_knowledge', 'add', { name, content: 'Owned by team blue.' })
    await t.call('memory_knowledge', 'add', { name: 'Other', content: `${name} stands here too.` })
    const found = await t.call<Found>('memory_query', 'search', { query })
    expect(found.results).toMatchObject([{ name, score: 1 }])
    expect(found.answered).toBeUndefined()
    const tagged = await t.call<Found>('memory_query', 'search', { query, tags: { include: ['none'] } })
    expect(tagged).toMatchObject({ results: [], answered: 'unlikely' })
    expect((await t.call<Found>('memory_query', 'search', { query, scope_type: 'global' })).results).toEqual(
      [],
    )
  }),
)

test('common words that are no name find nothing, and the answer says why', () =>
  withApp(async (t) => {
    await t.call('memory_knowledge', 'add', { name: 'Other', content: 'what is it' })
    expect(await t.call('memory_query', 'search', { query: 'what is it' })).toMatchObject({
      results: [],
      note: expect.stringContaining('only common words'),
    })
  }))
