import { expect, test } from 'vitest'
import type { Writer } from '../../src/store/access.ts'
import { Store } from '../../src/store/store.ts'
import { giveDatabaseFolderBack, openTestDatabase, takeDatabaseFolder } from '../support/database.ts'
import { until } from '../support/until.ts'

// Statements of a write may be under way when another part of it fails: what was taken back stays so.

const STATEMENTS = 8

async function put(db: Writer, part: string, told: string[]): Promise<void> {
  try {
    for (let n = 0; n < STATEMENTS; n++)
      await db
        .insertInto('counter')
        .values({ name: `late-${part}-${n}`, value: 1 })
        .execute()
    told.push('done')
  } catch {
    told.push('refused')
  }
}

test('a statement that comes after its write has failed is refused, and leaves nothing behind', async () => {
  const folder = await takeDatabaseFolder()
  const store = new Store(await openTestDatabase(folder), 'test')
  try {
    const told: string[] = []
    const failed = store.write(async ({ db, later }) => {
      later(put(db, 'one', told))
      await Promise.all([put(db, 'other', told), Promise.reject(new RangeError('another part'))])
    })
    await expect(failed).rejects.toThrow()
    await until('both parts have ended', async () => told.length === 2)
    expect(told).toEqual(['refused', 'refused'])
    const left = await store.read((db) =>
      db.selectFrom('counter').select('name').where('name', 'like', 'late-%').execute(),
    )
    expect(left).toEqual([])
  } finally {
    await store.close()
    await giveDatabaseFolderBack(folder)
  }
})
