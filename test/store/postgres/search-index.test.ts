import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { insertEntries } from '../../../src/store/entries/entries.ts'
import { Store } from '../../../src/store/store.ts'
import {
  makeDatabaseFolder,
  openTestDatabase,
  removeDatabaseFolder,
  runStatement,
} from '../../support/database.ts'
import { anEntry } from '../../support/entries.ts'

let folder: string
let store: Store

beforeAll(async () => {
  folder = await makeDatabaseFolder()
  store = new Store(await openTestDatabase(folder), 'test')
})
afterAll(async () => {
  await store.close()
  await removeDatabaseFolder(folder)
})

async function find(query: string): Promise<string[]> {
  const hits = await store.snapshot((db) =>
    store.database.searchIndex.match(db, {
      query,
      scopeIds: ['global'],
      sessionsOf: [],
      types: ['knowledge'],
      tagsInclude: [],
      tagsExclude: [],
      minPriority: null,
      updatedAfter: null,
      updatedUntil: null,
      supersededIn: null,
      mode: 'hybrid',
      meaning: null,
      validAt: '2026-06-01T00:00:00.000Z',
      limit: 500,
    }),
  )
  return hits.map((hit) => hit.name)
}

describe('the search index of PostgreSQL', () => {
  test('finds a word that was common when the database last counted its words, and is no longer', async () => {
    const entries = Array.from({ length: 5_000 }, (_, n) =>
      anEntry({ type: 'knowledge', name: `row ${n}`, content: 'deploy' }),
    )
    await store.write(({ db }) => insertEntries(db, entries, { scopeId: 'global' }))
    const newest = entries.slice(-100).map(({ name }) => name)
    await runStatement(folder, 'analyze entry_search')
    await runStatement(folder, 'delete from entry where seq <= (select max(seq) - 100 from entry)')
    expect(await find('deploy')).toEqual(newest.toReversed())
    await runStatement(folder, 'analyze entry_search')
    expect(await find('deploy')).toEqual(newest.toReversed())
  })
})
