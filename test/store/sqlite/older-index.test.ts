import { join } from 'node:path'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { deleteEntry, insertEntries, replaceEntry } from '../../../src/store/entries/entries.ts'
import { toRow } from '../../../src/store/entries/rows.ts'
import { MIGRATIONS } from '../../../src/store/migrations/index.ts'
import { openSqlite } from '../../../src/store/sqlite/open.ts'
import { Store } from '../../../src/store/store.ts'
import { anEntry } from '../../support/entries.ts'
import { findNames, rebuildStep } from '../../support/searching.ts'
import { query, withFolder } from './files.ts'

const OLDER = MIGRATIONS.slice(
  0,
  MIGRATIONS.findIndex(({ name }) => name === '0005-words'),
)

const entries = [
  anEntry({ name: 'first', content: 'deployed by the walrus' }),
  anEntry({ name: 'changed', content: 'a florbel' }),
  anEntry({ name: 'gone', content: 'a grumpnik' }),
  ...Array.from({ length: 450 }, (_, n) => anEntry({ name: `n${n}`, content: `number ${n} of many` })),
]

/** A file as the first version left it. */
async function writeOlder(path: string): Promise<void> {
  const store = new Store(await openSqlite({ path, migrations: OLDER }), 'test')
  await store.write(async ({ db }) => {
    for (const entry of entries) {
      const { review_by: _later, ...row } = toRow(entry, 'global')
      await db.insertInto('entry').values(row).execute()
    }
    await sql`update entry set search_text = ''`.execute(db)
  })
  await store.close()
}

test('entries of the first version are found as before until they have their terms, and then too', () =>
  withFolder(async (folder) => {
    const path = join(folder, 'memory.db')
    await writeOlder(path)
    const store = new Store(await openSqlite({ path }), 'test')
    expect((await findNames(store, 'deploys'))[0]).toBe('first')
    const [, changed, gone] = entries
    if (!changed || !gone) throw new Error('none made')
    await store.write(async ({ db }) => {
      await replaceEntry(db, changed, { ...changed, content: 'a walrus now', version: 2 })
      await deleteEntry(db, gone)
      await insertEntries(db, [anEntry({ name: 'later', content: 'one more walrus' })], { scopeId: 'global' })
    })
    const asked = ['walrus', 'florbel', 'grumpnik'] as const
    // What is only alike may fill the page behind the one that has the word.
    const found = async () => ({
      ...Object.fromEntries(
        await Promise.all(
          asked.map(async (word) => [word, (await findNames(store, word)).slice(0, 3).sort()]),
        ),
      ),
      deploys: (await findNames(store, 'deploys'))[0],
    })
    const expected = { walrus: ['changed', 'first', 'later'], florbel: [], grumpnik: [], deploys: 'first' }
    expect(await found()).toEqual(expected)
    expect(await rebuildStep(store)).toBe(true)
    expect(await found()).toEqual(expected)
    while (await rebuildStep(store));
    expect(await found()).toEqual(expected)
    await store.close()
    expect(query(path, "select name from sqlite_schema where name like 'entry_fts%'")).toEqual([])
    expect(query(path, "select count(*) as n from entry where search_text not like '2 %'")[0]?.['n']).toBe(0)
  }))
