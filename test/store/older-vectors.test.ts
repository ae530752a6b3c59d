import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { insertEntries } from '../../src/store/entries/entries.ts'
import { beginRebuild, isOfOlderTable } from '../../src/store/search/rebuild.ts'
import { Store } from '../../src/store/store.ts'
import { withApp } from '../support/app.ts'
import {
  makeDatabaseFolder,
  openTestDatabase,
  removeDatabaseFolder,
  runStatement,
} from '../support/database.ts'
import { anEntry } from '../support/entries.ts'
import { findNames, rebuildStep } from '../support/searching.ts'
import { until } from '../support/until.ts'

/** As the version before left them: behind a vector stood the end of its base64 and no mark of a table. */
const OF_BEFORE =
  "update entry set search_text = substr(search_text, 1, 136) || '==' || substr(search_text, 139)"

async function olderRows(store: Store): Promise<number> {
  const { rows } = await store.read((db) =>
    sql<{
      n: number
    }>`select count(*) as n from entry where substr(search_text, 137, 2) = '=='`.execute(db),
  )
  return Number(rows[0]?.n)
}

test('vectors of an older table count nothing, and a server that starts gives every entry a new one', async () => {
  const folder = await makeDatabaseFolder()
  try {
    const store = new Store(await openTestDatabase(folder), 'test')
    const many = Array.from({ length: 450 }, (_, n) => anEntry({ name: `n${n}`, content: `number ${n}` }))
    const first = anEntry({ name: 'first', content: 'Apples and pears ripen in the orchard.' })
    await store.write(({ db }) => insertEntries(db, [first, ...many], { scopeId: 'global' }))
    expect(await store.read(isOfOlderTable)).toBe(false)
    await runStatement(folder, OF_BEFORE)
    expect(await olderRows(store)).toBe(451)
    expect(await findNames(store, 'ripens')).toEqual(['first'])
    expect(await findNames(store, 'peaches')).not.toContain('first')
    // A server that was killed after one step.
    expect(await store.read(isOfOlderTable)).toBe(true)
    await store.write(({ db }) => beginRebuild(db))
    expect(await rebuildStep(store)).toBe(true)
    expect(await olderRows(store)).toBe(251)
    expect(await findNames(store, 'ripens')).toEqual(['first'])

    await withApp({ dataDir: folder }, async (t) => {
      t.app.announce()
      await until('all have a vector of this table', async () => (await olderRows(store)) === 0)
      const { results } = await t.call('memory_query', 'search', { query: 'peaches', scope_type: 'global' })
      expect(results[0]).toMatchObject({ name: 'first' })
    })
    expect(await store.read(isOfOlderTable)).toBe(false)
    await store.close()
  } finally {
    await removeDatabaseFolder(folder)
  }
})
