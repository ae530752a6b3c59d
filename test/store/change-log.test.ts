import { expect, test } from 'vitest'
import { readLogPage } from '../../src/store/change-log.ts'
import type { Database } from '../../src/store/database.ts'
import { Store } from '../../src/store/store.ts'
import { withApp } from '../support/app.ts'
import {
  giveDatabaseFolderBack,
  openTestDatabase,
  runStatement,
  takeDatabaseFolder,
} from '../support/database.ts'

const CHANGE = {
  type: 'vote.recorded',
  scope: { type: 'global', id: 'global' },
  scopeKeys: ['key'],
  agentId: 'test',
} as const

/** Two stores on one database: `long` keeps everything, `short` ten events. */
async function withStores(body: (stores: { long: Store; short: Store }) => Promise<void>): Promise<void> {
  const folder = await takeDatabaseFolder()
  const long = new Store(await openTestDatabase(folder), 'long')
  const short = new Store(await openTestDatabase(folder), 'short', { keptEvents: 10 })
  try {
    await body({ long, short })
  } finally {
    await long.close()
    await short.close()
    await giveDatabaseFolderBack(folder)
  }
}

function record(store: Store, count: number): Promise<void> {
  return store.write(async ({ record: say }) => {
    for (let i = 0; i < count; i++) say(CHANGE)
  })
}

const page = (store: Store, afterSeq: number) =>
  store.snapshot((db) => readLogPage(db, { afterSeq, limit: 5_000 }))

test('a writer that comes by forgets the oldest events, and says so to a reader that asks for them', () =>
  withStores(async ({ long, short }) => {
    await record(short, 499)
    expect((await page(long, 0)).events).toHaveLength(499)
    await record(short, 1)
    const { events, lastSeq, hasGap } = await page(long, 0)
    expect(events.map(({ seq }) => seq)).toEqual([491, 492, 493, 494, 495, 496, 497, 498, 499, 500])
    expect({ lastSeq, hasGap }).toEqual({ lastSeq: 500, hasGap: true })
    expect((await page(long, 490)).hasGap).toBe(false)
    await record(short, 1)
    expect((await page(long, 500)).events).toMatchObject([{ seq: 501, versions: { key: 3 } }])
  }))

test('a write of which the log says nothing is followed by no look for what is to be forgotten', async () => {
  const folder = await takeDatabaseFolder()
  const database = await openTestDatabase(folder)
  let begun = 0
  const counted: Database['transaction'] = (fn) => {
    begun++
    return database.transaction(fn)
  }
  const store = new Store({ ...database, sharedWrites: null, transaction: counted }, 'test')
  try {
    await store.write(({ db }) => db.updateTable('scope').set({ purpose: 'written' }).execute())
    expect(begun).toBe(1)
  } finally {
    await store.close()
    await giveDatabaseFolderBack(folder)
  }
})

test('a log that has grown long becomes shorter bit by bit', () =>
  withStores(async ({ long, short }) => {
    await record(long, 2_400)
    await record(short, 99)
    expect((await page(long, 0)).events).toHaveLength(2_499)
    await record(short, 1)
    expect((await page(long, 0)).events).toHaveLength(1_500)
    await record(short, 500)
    expect((await page(long, 0)).events).toHaveLength(1_000)
    await record(short, 500)
    await record(short, 500)
    expect((await page(long, 0)).events).toHaveLength(10)
  }))

test('versions of entries are there without the log', () =>
  withApp(async (t) => {
    const { id } = await t.call('memory_guideline', 'add', { name: 'a', content: 'one' })
    await t.call('memory_guideline', 'update', { id, content: 'two' })
    const history = await t.call('memory_guideline', 'history', { id })
    await runStatement(t.dataDir, 'delete from change_log')
    expect(await t.call('memory_guideline', 'history', { id })).toEqual(history)
    await t.call('memory_guideline', 'update', { id, content: 'three', base_version: 2 })
    expect(await t.call('memory_guideline', 'get', { id })).toMatchObject({ content: 'three', version: 3 })
  }))
