import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { sql } from 'kysely'
import { afterAll, describe, expect, test } from 'vitest'
import type { Writer } from '../../../src/store/access.ts'
import { deleteEntry, insertEntries, replaceEntry } from '../../../src/store/entries/entries.ts'
import type { SearchIndex, SearchRequest } from '../../../src/store/search/index.ts'
import { openSqlite } from '../../../src/store/sqlite/open.ts'
import { FtsSearchIndex } from '../../../src/store/sqlite/search/index.ts'
import { Store } from '../../../src/store/store.ts'
import { anEntry } from '../../support/entries.ts'

const ANYWHERE: Omit<SearchRequest, 'query'> = {
  scopeIds: ['global'],
  sessionsOf: ['global'],
  types: ['guideline', 'knowledge', 'tool', 'observation'],
  tagsInclude: [],
  tagsExclude: [],
  minPriority: null,
  updatedAfter: null,
  updatedUntil: null,
  supersededIn: null,
  mode: 'hybrid',
  meaning: null,
  validAt: '2026-06-01T00:00:00.000Z',
  limit: 10,
}

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

  test('keeps nothing from one search to the next that a write of any program has changed', async () => {
    const path = newFile()
    const [here, elsewhere] = [
      new Store(await openSqlite({ path }), 'here'),
      new Store(await openSqlite({ path }), 'there'),
    ]
    const entries = Array.from({ length: 32 }, (_, n) =>
      anEntry({ name: `n${n}`, content: ['walrus seal', 'walrus', 'seal', 'otter'][n % 4] ?? '' }),
    )
    const ask = (index: SearchIndex) =>
      here.snapshot((db) => index.match(db, { ...ANYWHERE, query: 'walrus seal otters' }))
    const { searchIndex: kept } = here.database
    const writes: ((db: Writer) => Promise<unknown>)[] = [
      ...entries.map((entry) => (db: Writer) => insertEntries(db, [entry], { scopeId: 'global' })),
      ...entries
        .slice(0, 4)
        .map(
          (entry) => (db: Writer) =>
            replaceEntry(db, entry, { ...entry, content: `seal otter ${entry.name}`, version: 2 }),
        ),
      ...entries.slice(2, 8).map((entry) => (db: Writer) => deleteEntry(db, entry)),
      (db) =>
        sql`update entry set search_text = (select search_text from entry where name = 'n31') where name = 'n30'`.execute(
          db,
        ),
      (db) => sql`insert into entry_words (entry_words) values ('rebuild')`.execute(db),
      (db) => sql`insert into entry_words (entry_words) values ('optimize')`.execute(db),
    ]
    for (const [at, write] of writes.entries()) {
      await (at % 3 === 0 ? elsewhere : here).write(({ db }) => write(db))
      const hits = await ask(kept)
      expect(hits).toEqual(await ask(new FtsSearchIndex()))
      expect(await ask(kept)).toEqual(hits)
    }
    await Promise.all([here.close(), elsewhere.close()])
  })
})
