import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { AppError, ERRORS } from '../../../src/domain/errors.ts'
import type { Database } from '../../../src/store/database.ts'
import { openSqlite } from '../../../src/store/sqlite/open.ts'
import { Store } from '../../../src/store/store.ts'
import { query, withFolder } from './files.ts'

/** Writes, and then neither commits nor ends. */
const HOLDER = `
  const { DatabaseSync } = require('node:sqlite')
  const db = new DatabaseSync(process.argv[1])
  db.exec("begin immediate; update scope set purpose = 'half' where id = 'global'")
  console.log('holds')
  setInterval(() => {}, 1000)`

async function holdWriteLock(path: string): Promise<ChildProcess> {
  const holder = spawn(process.execPath, ['--no-warnings', '-e', HOLDER, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (holder.stdout) await once(holder.stdout, 'data')
  return holder
}

const rename = (database: Database, retryForMs?: number) =>
  new Store(database, 'test', retryForMs === undefined ? {} : { retryForMs }).write(({ db }) =>
    db.updateTable('scope').set({ purpose: 'written' }).where('id', '=', 'global').execute(),
  )

test('writes of one process go in the order in which they were asked for, however long another one keeps them waiting', () =>
  withFolder(async (folder) => {
    const path = join(folder, 'memory.db')
    const database = await openSqlite({ path })
    const holder = await holdWriteLock(path)
    try {
      const store = new Store(database, 'test')
      const order: number[] = []
      const writes = [1, 2, 3, 4].map((n) =>
        store.write(async ({ db }) => {
          await db
            .updateTable('scope')
            .set({ purpose: `${n}` })
            .where('id', '=', 'global')
            .execute()
          order.push(n)
        }),
      )
      for (let looks = 0; looks < 40; looks++) await new Promise((resolve) => setTimeout(resolve, 1))
      expect(order).toEqual([])
      holder.kill('SIGKILL')
      await Promise.all(writes)
      expect(order).toEqual([1, 2, 3, 4])
    } finally {
      holder.kill('SIGKILL')
      await database.close()
    }
  }))

test('a write that another process keeps waiting for too long is refused, may be tried again, and then works', () =>
  withFolder(async (folder) => {
    const path = join(folder, 'memory.db')
    const database = await openSqlite({ path })
    const holder = await holdWriteLock(path)
    try {
      const error = await rename(database, 100).catch((thrown: unknown) => thrown)
      if (!(error instanceof AppError)) throw new Error('expected a refusal', { cause: error })
      expect(error.message).toBe(`${path} stayed busy for too long.`)
      expect(ERRORS[error.errorName].retryable).toBe(true)
      const read = database.reader.selectFrom('scope').select('purpose').executeTakeFirst()
      expect(await read).toEqual({ purpose: null })
      const waiting = rename(database)
      holder.kill('SIGKILL')
      await waiting
    } finally {
      holder.kill('SIGKILL')
      await database.close()
    }
    expect(query(path, "select purpose from scope where id = 'global'")).toEqual([{ purpose: 'written' }])
  }))
