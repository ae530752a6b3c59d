import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { MIGRATIONS } from '../../../src/store/migrations/index.ts'
import { openSqlite } from '../../../src/store/sqlite/open.ts'
import { refusal } from '../../support/refusal.ts'
import { fingerprint, makeDatabase, openOnce, query, withFolder } from './files.ts'

const mode = (path: string) => (statSync(path).mode & 0o777).toString(8)

describe('a new database', () => {
  test('is made with its folder, for its owner only', () =>
    withFolder(async (folder) => {
      const path = join(folder, 'deep', 'er', 'memory.db')
      expect(await openOnce(path)).toBe(MIGRATIONS.length)
      expect(mode(path)).toBe('600')
      expect(mode(join(folder, 'deep', 'er'))).toBe('700')
      expect(query(path, 'pragma journal_mode')).toEqual([{ journal_mode: 'wal' }])
      expect(await openOnce(path)).toBe(MIGRATIONS.length)
    }))

  test('may grow out of an empty file or an empty database', () =>
    withFolder(async (folder) => {
      const [zero, blank] = [join(folder, 'zero.db'), join(folder, 'blank.db')]
      writeFileSync(zero, '')
      makeDatabase(blank, 'pragma user_version = 0; create table t (a); drop table t')
      expect(await openOnce(zero)).toBe(MIGRATIONS.length)
      expect(await openOnce(blank)).toBe(MIGRATIONS.length)
      // What a starter leaves that is killed right after the change of the journal mode.
      const begun = join(folder, 'begun.db')
      makeDatabase(begun, 'pragma journal_mode = wal')
      expect(await openOnce(begun)).toBe(MIGRATIONS.length)
    }))

  test('closed after nothing but a write leaves one file behind', () =>
    withFolder(async (folder) => {
      const path = join(folder, 'memory.db')
      const database = await openSqlite({ path })
      await database.transaction((db) => db.updateTable('scope').set({ purpose: 'x' }).execute())
      await database.close()
      expect(readdirSync(folder)).toEqual(['memory.db'])
    }))

  test('opened again is not written to', () =>
    withFolder(async (folder) => {
      const path = join(folder, 'memory.db')
      await openOnce(path)
      const before = readFileSync(path)
      await openOnce(path)
      expect(readFileSync(path).equals(before)).toBe(true)
    }))
})

describe('a file that is not ours is refused and not touched', () => {
  test('the database of another program', () =>
    withFolder(async (folder) => {
      const path = join(folder, 'memory.db')
      makeDatabase(path, "create table customers (name); insert into customers values ('Ada')")
      const before = fingerprint(folder)
      const error = await refusal(openOnce(path))
      expect([error.errorName, error.message]).toEqual([
        'DATABASE_ERROR',
        `${path} is the SQLite file of another program. It was not touched.`,
      ])
      expect(error.suggestion).toContain('AGENT_MEMORY_DB_PATH')
      expect(fingerprint(folder)).toEqual(before)
    }))

  test('one that has marked its empty file', () =>
    withFolder(async (folder) => {
      const path = join(folder, 'memory.db')
      makeDatabase(path, 'pragma application_id = 1196444487')
      const before = fingerprint(folder)
      expect((await refusal(openOnce(path))).message).toContain('another program')
      expect(fingerprint(folder)).toEqual(before)
    }))

  test('one that was killed: what it has to recover is left to it', () =>
    withFolder(async (folder) => {
      const path = join(folder, 'memory.db')
      const other = new DatabaseSync(join(folder, 'live.db'))
      other.exec('pragma journal_mode = wal; create table t (a); insert into t values (1)')
      for (const end of ['', '-wal']) writeFileSync(path + end, readFileSync(join(folder, `live.db${end}`)))
      other.close()
      const data = () => [path, `${path}-wal`].map((file) => readFileSync(file).toString('base64'))
      const before = data()
      expect((await refusal(openOnce(path))).message).toContain('another program')
      expect(data()).toEqual(before)
    }))

  test('no database at all', () =>
    withFolder(async (folder) => {
      const path = join(folder, 'memory.db')
      writeFileSync(path, 'Dear diary, '.repeat(1000))
      const before = fingerprint(folder)
      expect((await refusal(openOnce(path))).message).toBe(
        `${path} is not a SQLite database. It was not touched.`,
      )
      expect(fingerprint(folder)).toEqual(before)
    }))

  test('a schema that a newer program wrote', () =>
    withFolder(async (folder) => {
      const path = join(folder, 'memory.db')
      const next = { name: '9999-next', changesData: false, up: async () => {} }
      await openOnce(path, [...MIGRATIONS, next])
      const before = fingerprint(folder)
      const error = await refusal(openOnce(path))
      expect(error.errorName).toBe('MIGRATION_ERROR')
      expect(error.message).toContain(
        `schema version ${MIGRATIONS.length + 1}, this program knows ${MIGRATIONS.length}`,
      )
      expect(error.suggestion).toContain('Update agent-memory')
      expect(fingerprint(folder)).toEqual(before)
    }))
})

describe('what is in the way is named', () => {
  test('a folder where the file should be', () =>
    withFolder(async (folder) => {
      const path = join(folder, 'memory.db')
      mkdirSync(path)
      expect((await refusal(openOnce(path))).message).toBe(`${path} is a folder, not a file.`)
    }))

  test('a file where the folder should be', () =>
    withFolder(async (folder) => {
      writeFileSync(join(folder, 'data'), 'x')
      const path = join(folder, 'data', 'memory.db')
      const error = await refusal(openOnce(path))
      const message = `${join(folder, 'data')} is a file, not a folder.`
      expect([error.errorName, error.message]).toEqual(['DATABASE_ERROR', message])
    }))

  test.each([
    ['nowhere', 'gone'],
    ['to itself', 'data'],
  ])('a link %s where the folder should be', (_where, target) =>
    withFolder(async (folder) => {
      const data = join(folder, 'data')
      symlinkSync(join(folder, target), data)
      expect((await refusal(openOnce(join(data, 'memory.db')))).message).toBe(
        `${data} is a link that leads nowhere, not a folder.`,
      )
    }),
  )

  test.runIf(existsSync('/proc/self'))('a folder where the file system accepts none', async () => {
    const path = '/proc/agent-memory/data/memory.db'
    const error = await refusal(openOnce(path))
    expect([error.errorName, error.message]).toEqual(['DATABASE_ERROR', `${path} cannot be opened.`])
  })

  test('a link that leads nowhere', () =>
    withFolder(async (folder) => {
      const path = join(folder, 'memory.db')
      symlinkSync(join(folder, 'gone', 'memory.db'), path)
      expect((await refusal(openOnce(path))).message).toBe(
        `${path} is a link that leads nowhere, not a file.`,
      )
    }))

  test('a file that was cut', () =>
    withFolder(async (folder) => {
      const path = join(folder, 'memory.db')
      await openOnce(path)
      makeDatabase(path, 'pragma user_version = 0')
      truncateSync(path, 5000)
      const before = readFileSync(path)
      const error = await refusal(openOnce(path))
      expect(error.message).toBe(`${path} is damaged. It was not changed.`)
      expect(error.suggestion).toContain('agent-memory restore')
      expect(readFileSync(path).equals(before)).toBe(true)
    }))
})
