import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { openSqlite } from '../../../src/store/sqlite/open.ts'
import { withFolder } from './files.ts'

// A kept answer is held to be true by this number alone: it is asked after the request came in, and nothing may have been remembered
// from before.
test('a commit of another connection moves the change token from the next turn on, however soon', () =>
  withFolder(async (folder) => {
    const path = join(folder, 'memory.db')
    const database = await openSqlite({ path })
    const other = new DatabaseSync(path)
    try {
      for (let n = 0; n < 20; n++) {
        const before = database.changeToken()
        await Promise.resolve()
        other.exec(`update scope set purpose = 'seen ${n}' where id = 'global'`)
        expect(database.changeToken()).not.toBe(before)
      }
    } finally {
      other.close()
      await database.close()
    }
  }))
