import { expect, test } from 'vitest'
import { insertEntries } from '../../../src/store/entries/entries.ts'
import { Store } from '../../../src/store/store.ts'
import {
  makeDatabaseFolder,
  openTestDatabase,
  removeDatabaseFolder,
  runStatement,
} from '../../support/database.ts'
import { anEntry } from '../../support/entries.ts'
import { findNames, rebuildStep } from '../../support/searching.ts'

test('entries of the first version are found as before until they have their terms, and then too', async () => {
  const folder = await makeDatabaseFolder()
  const store = new Store(await openTestDatabase(folder), 'test')
  try {
    const older = Array.from({ length: 250 }, (_, n) =>
      anEntry({ name: `n${n}`, content: `number ${n} of many` }),
    )
    const first = anEntry({ name: 'first', content: 'Deployed by the walrus' })
    await store.write(({ db }) => insertEntries(db, [first, ...older], { scopeId: 'global' }))
    // As the first version wrote them: the vector is made of the text by the database itself.
    await runStatement(folder, "update entry set search_text = ''")
    await runStatement(folder, "insert into counter select 'search_rebuild', max(seq) from entry")
    expect(await findNames(store, 'deploys')).toEqual(['first'])
    expect(await rebuildStep(store)).toBe(true)
    expect(await findNames(store, 'deploys')).toEqual(['first'])
    while (await rebuildStep(store));
    expect((await findNames(store, 'deploys walrus'))[0]).toBe('first')
  } finally {
    await store.close()
    await removeDatabaseFolder(folder)
  }
})
