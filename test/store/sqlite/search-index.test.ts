import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, describe, expect, test } from 'vitest'
import { deleteEntry, insertEntries, replaceEntry } from '../../../src/store/entries/entries.ts'
import { openSqlite } from '../../../src/store/sqlite/open.ts'
import { Store } from '../../../src/store/store.ts'
import { anEntry } from '../../support/entries.ts'

const folder = mkdtempSync(join(tmpdir(), 'agent-memory-test-'))
let files = 0
const newFile = () => join(folder, `${files++}.db`)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the search index of SQLite', () => {
  test('holds what the entries say, through every kind of write, a rebuild and VACUUM', async () => {
    const path = newFile()
    const store = new Store(await openSqlite({ path }), 'test')
    const entries = Array.from({ length: 20 }, (_, n) => anEntry({ name: `n${n}`, content: `walrus ${n}` }))
    const [first, second] = entries
    if (!first || !second) throw new Error('none made')
    await store.write(async ({ db }) => {
      await insertEntries(db, entries, { scopeId: 'global' })
      await replaceEntry(db, first, { ...first, content: 'seal', tags: ['x'], version: 2 })
      await deleteEntry(db, second)
    })
    await store.close()

    const db = new DatabaseSync(path)
    // With rank 1 FTS5 compares every word of its index with the text that it stands for.
    const check = () => db.exec("insert into entry_words (entry_words, rank) values ('integrity-check', 1)")
    const find = (word: string) =>
      db.prepare('select count(*) as n from entry_words where entry_words match ?').get(word)?.['n']
    check()
    db.exec('vacuum')
    check()
    db.exec("insert into entry_words (entry_words) values ('rebuild')")
    check()
    expect([find('walrus'), find('seal')]).toEqual([18, 1])
    expect(db.prepare('pragma integrity_check').get()).toMatchObject({ integrity_check: 'ok' })
    db.close()
  })
})
