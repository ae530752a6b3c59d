import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { insertEntries } from '../../../src/store/entries/entries.ts'
import { Store } from '../../../src/store/store.ts'
import {
  makeDatabaseFolder,
  openTestDatabase,
  removeDatabaseFolder,
  runStatement,
} from '../../support/database.ts'
import { anEntry } from '../../support/entries.ts'

// Terms that this process has seen in the table of terms are not looked up again; the database's own trigger looks up all.

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

const add = (...contents: string[]) =>
  store.write(({ db }) =>
    insertEntries(
      db,
      contents.map((content) => anEntry({ type: 'knowledge', name: content.slice(0, 30), content })),
      { scopeId: 'global' },
    ),
  )

async function has(term: string): Promise<boolean> {
  const { rows } = await store.read((db) => sql`select 1 from entry_word where term = ${term}`.execute(db))
  return rows.length > 0
}

test('a term that was committed is not looked up again', async () => {
  await add('walrus one', 'walrus two')
  expect(await has('walrus')).toBe(true)
  await runStatement(folder, "delete from entry_word where term = 'walrus'")
  await add('walrus three')
  expect(await has('walrus')).toBe(false)
  expect(await has('three')).toBe(true)
})

test('a term of a transaction that was taken back is', async () => {
  const failing = store.write(async ({ db }) => {
    await insertEntries(db, [anEntry({ name: 'lost', content: 'narwhal' })], { scopeId: 'global' })
    throw new RangeError('taken back')
  })
  await expect(failing).rejects.toThrow()
  expect(await has('narwhal')).toBe(false)
  await add('narwhal')
  expect(await has('narwhal')).toBe(true)
})

test('all terms of many rows are there, those of the last statement too', async () => {
  await add(...Array.from({ length: 121 }, (_, n) => `many${n}kinds of beasts`))
  for (const n of [0, 49, 50, 120]) expect(await has(`many${n}kinds`)).toBe(true)
})

test('rows of a program that says nothing of its terms are indexed by the trigger, new and changed', async () => {
  await add('seal')
  const like = (
    name: string,
    more: string,
  ) => `insert into entry (id, type, scope_id, name, content, tags, priority, version, status,
      fields, metadata, search_text, created_at, created_by, updated_at, updated_by)
    select '${name}' || n, type, scope_id, '${name}' || n, content, tags, priority, version, status, fields, metadata,
      search_text || ' ${more}' || n, created_at, created_by, updated_at, updated_by
    from entry, generate_series(1, 3) as n where name = 'seal'`
  await runStatement(folder, like('older', 'porpoise'))
  for (const n of [1, 2, 3]) expect(await has(`porpoise${n}`)).toBe(true)
  await runStatement(folder, "update entry set search_text = search_text || ' manatee' where name = 'older2'")
  expect(await has('manatee')).toBe(true)
  const found = await store.read((db) =>
    sql`select 1 from entry_search where vector @@ 'porpoise1 | manatee'::tsquery`.execute(db),
  )
  expect(found.rows).toHaveLength(2)
})

test('of a text that is too long its beginning is indexed, and the rows beside it are whole', async () => {
  const long = Array.from({ length: 30_000 }, (_, n) => `word${n}x${'y'.repeat(40)}`).join(' ')
  await add('before orca', `dugong ${long}`, 'behind beluga')
  const found = async (term: string) =>
    (
      await store.read((db) =>
        sql`select 1 from entry_search where vector @@ ${`'${term}'`}::tsquery`.execute(db),
      )
    ).rows.length
  expect(await Promise.all(['orca', 'dugong', 'beluga'].map(found))).toEqual([1, 1, 1])
})
