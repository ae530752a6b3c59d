import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import type { Migration } from '../../../src/store/migrate.ts'
import { MIGRATIONS } from '../../../src/store/migrations/index.ts'
import { openSqlite } from '../../../src/store/sqlite/open.ts'
import { DECISION, OLDER_VOTES, VOTE } from '../../support/older-votes.ts'
import { refusal } from '../../support/refusal.ts'
import { makeDatabase, openOnce, query, withFolder } from './files.ts'

const NEXT = MIGRATIONS.length + 1

/** A step that rewrites rows, as a release may bring one. */
const changing: Migration = {
  name: 'next',
  changesData: true,
  async up(db) {
    await sql`update scope set name = 'changed' where id = 'global'`.execute(db)
    await sql`alter table scope add column colour text`.execute(db)
  },
}

const failing: Migration = {
  name: 'next',
  changesData: true,
  async up(db) {
    await sql`update scope set name = 'half' where id = 'global'`.execute(db)
    await sql`update no_such_table set a = 1`.execute(db)
  },
}

const nameOfGlobal = (path: string) => query(path, "select name from scope where id = 'global'")[0]?.['name']
const shape = (path: string) =>
  query(path, 'select type, name, tbl_name, sql from sqlite_schema order by type, name').map((row) => ({
    ...row,
  }))

describe('a migration', () => {
  test('that changes data leaves a copy of the state before it, for the owner only', () =>
    withFolder(async (folder) => {
      const path = join(folder, 'memory.db')
      const copy = `${path}.before-v${NEXT}`
      await openOnce(path)
      expect(await openOnce(path, [...MIGRATIONS, changing])).toBe(NEXT)
      expect([nameOfGlobal(path), nameOfGlobal(copy)]).toEqual(['changed', 'global'])
      expect(statSync(copy).mode & 0o777).toBe(0o600)
      expect(await openOnce(copy)).toBe(MIGRATIONS.length)
    }))

  test('that changes nothing, and the first start, copy nothing', () =>
    withFolder(async (folder) => {
      const path = join(folder, 'memory.db')
      await openOnce(path)
      await openOnce(path, [...MIGRATIONS, { ...changing, changesData: false }])
      expect(readdirSync(folder)).toEqual(['memory.db'])
    }))

  test('on a new file ends in the same schema as step by step', () =>
    withFolder(async (folder) => {
      const [fresh, upgraded] = [join(folder, 'fresh.db'), join(folder, 'upgraded.db')]
      const all = [...MIGRATIONS, changing]
      await openOnce(fresh, all)
      for (let count = 1; count <= all.length; count++) await openOnce(upgraded, all.slice(0, count))
      expect(shape(fresh).length).toBeGreaterThan(20)
      expect(shape(upgraded)).toEqual(shape(fresh))
      for (const pragma of ['application_id', 'user_version', 'journal_mode', 'page_size'])
        expect(query(upgraded, `pragma ${pragma}`)).toEqual(query(fresh, `pragma ${pragma}`))
    }))

  test('takes the votes of before along, as those of the global scope', () =>
    withFolder(async (folder) => {
      const path = join(folder, 'memory.db')
      const older = MIGRATIONS.slice(
        0,
        MIGRATIONS.findIndex(({ name }) => name === '0018-vote-scopes'),
      )
      await openOnce(path, older)
      makeDatabase(path, OLDER_VOTES.join(';'))
      await openOnce(path)
      expect(query(path, 'select * from vote').map((row) => ({ ...row }))).toEqual([VOTE])
      expect(query(path, 'select * from vote_decision').map((row) => ({ ...row }))).toEqual([DECISION])
    }))

  test('that fails changes nothing, and the program before it still works', () =>
    withFolder(async (folder) => {
      const path = join(folder, 'memory.db')
      await openOnce(path)
      const before = readFileSync(path)
      const error = await refusal(openOnce(path, [...MIGRATIONS, failing]))
      expect([error.errorName, error.message]).toEqual([
        'MIGRATION_ERROR',
        `The database could not be brought to schema version ${NEXT}; it is as it was before.`,
      ])
      expect(nameOfGlobal(path)).toBe('global')
      expect(readFileSync(path).equals(before)).toBe(true)
      expect(await openOnce(path)).toBe(MIGRATIONS.length)
      expect(await openOnce(path, [...MIGRATIONS, changing])).toBe(NEXT)
    }))

  test('that fails on a new file leaves one that the next start takes', () =>
    withFolder(async (folder) => {
      const path = join(folder, 'memory.db')
      expect((await refusal(openOnce(path, [...MIGRATIONS, failing]))).errorName).toBe('MIGRATION_ERROR')
      expect(await openOnce(path)).toBe(MIGRATIONS.length)
    }))

  test('waits for what others are writing, and copies that too', () =>
    withFolder(async (folder) => {
      const path = join(folder, 'memory.db')
      const older = await openSqlite({ path })
      await older.transaction((db) =>
        sql`update scope set purpose = 'acknowledged' where id = 'global'`.execute(db),
      )
      await openOnce(path, [...MIGRATIONS, changing])
      await older.close()
      const copied = query(`${path}.before-v${NEXT}`, "select purpose from scope where id = 'global'")
      expect(copied[0]?.['purpose']).toBe('acknowledged')
      expect(existsSync(`${path}.before-v${NEXT}.part`)).toBe(false)
    }))
})
