import { chmodSync, mkdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import type { Finding } from '../../../src/domain/places/database-file.ts'
import { MIGRATIONS } from '../../../src/store/migrations/index.ts'
import { isIndexWhole } from '../../../src/store/sqlite/file/checks/check-contents.ts'
import { sqliteFile } from '../../../src/store/sqlite/file/file.ts'
import { fingerprint, makeDatabase, openOnce, withFolder } from './files.ts'

/** Looks, and makes sure that looking changed nothing. */
async function inspected(path: string, folder: string): Promise<readonly Finding[]> {
  const before = fingerprint(folder)
  const findings = await sqliteFile(path).inspect()
  expect(fingerprint(folder)).toEqual(before)
  return findings
}

const troubles = (findings: readonly Finding[]) => findings.filter(({ level }) => level !== 'ok')

/** An entry as a damaged index would have it: there, and not to be found. */
const UNINDEXED = `drop trigger entry_words_insert; ${insertOf('1')}`

function insertOf(id: string): string {
  return `insert into entry (id, type, scope_id, name, content, tags, priority, version, status, fields, metadata, search_text,
    created_at, created_by, updated_at, updated_by)
  values ('${id}', 'knowledge', 'global', 'n${id}', 'c', '[]', 50, 1, 'active', '{}', '{}', '', '2026-01-01T00:00:00.000Z', 'ann',
    '2026-01-01T00:00:00.000Z', 'ann')`
}

/** The statement that made the trigger: without it doctor would name that too. */
function triggerOf(path: string): string {
  const database = new DatabaseSync(path, { readOnly: true })
  try {
    const row = database.prepare("select sql from sqlite_schema where name = 'entry_words_insert'").get()
    return String(row?.['sql'])
  } finally {
    database.close()
  }
}

describe('looking at a database', () => {
  test('that is well finds no trouble', () =>
    withFolder(async (folder) => {
      const path = join(folder, 'memory.db')
      await openOnce(path)
      const findings = await inspected(path, folder)
      expect(troubles(findings)).toEqual([])
      const checks = [
        'Data folder',
        'File system',
        'Disk space',
        'Rights',
        'Database',
        'Write-ahead log',
        'SQLite',
      ]
      expect(findings.map(({ check }) => check)).toEqual(
        expect.arrayContaining([...checks, 'Schema', 'Integrity', 'Search']),
      )
    }))

  test('finds its index whole though another connection writes between any two statements', () =>
    withFolder(async (folder) => {
      const path = join(folder, 'memory.db')
      await openOnce(path)
      const writer = new DatabaseSync(path)
      let written = 0
      class Disturbed extends DatabaseSync {
        override prepare(statement: string) {
          written += 1
          writer.exec(insertOf(String(written)))
          return super.prepare(statement)
        }
      }
      writer.exec(insertOf('first'))
      const looker = new Disturbed(path, { readOnly: true })
      expect(isIndexWhole(looker)).toBe(true)
      expect(written).toBeGreaterThan(2)
      looker.close()
      writer.close()
    }))

  test('that is not there finds no trouble and makes nothing', () =>
    withFolder(async (folder) => {
      const findings = await inspected(join(folder, 'deep', 'memory.db'), folder)
      expect(troubles(findings)).toEqual([])
      expect(findings.find(({ check }) => check === 'Data folder')?.text).toContain('does not exist yet')
    }))

  test('that a killed process left', () =>
    withFolder(async (folder) => {
      const path = join(folder, 'memory.db')
      await openOnce(path)
      const live = new DatabaseSync(path)
      live.exec("update scope set name = 'changed' where id = 'global'")
      const left = join(folder, 'left')
      mkdirSync(left)
      for (const end of ['', '-wal', '-shm'])
        writeFileSync(join(left, `memory.db${end}`), readFileSync(path + end), { mode: 0o600 })
      live.close()
      expect(troubles(await sqliteFile(join(left, 'memory.db')).inspect())).toEqual([])
    }))

  test.each([
    ['foreign', (path: string) => makeDatabase(path, 'create table t (a)'), 'another program'],
    [
      'no database',
      (path: string) => writeFileSync(path, 'Dear diary, '.repeat(500)),
      'not a SQLite database',
    ],
    [
      'of a newer program',
      (path: string) =>
        openOnce(path, [...MIGRATIONS, { name: 'next', changesData: false, up: async () => {} }]),
      'a newer agent-memory wrote it',
    ],
    [
      'cut',
      async (path: string) => {
        await openOnce(path)
        truncateSync(path, 20_000)
      },
      'amaged',
    ],
  ])('that is %s: names it, with a mend', (_, make, text) =>
    withFolder(async (folder) => {
      const path = join(folder, 'memory.db')
      await make(path)
      chmodSync(path, 0o600)
      const found = troubles(await inspected(path, folder))
      expect(found.map(({ level }) => level)).toEqual(['broken'])
      expect(found[0]?.text).toContain(text)
      expect(found[0]?.mend).toMatch(/\w/)
    }),
  )

  test('with a page overwritten in the middle', () =>
    withFolder(async (folder) => {
      const path = join(folder, 'memory.db')
      await openOnce(path)
      const bytes = readFileSync(path)
      bytes.fill(0xa5, 8192, 3 * 4096)
      writeFileSync(path, bytes)
      const found = troubles(await inspected(path, folder))
      expect(found.map(({ level }) => level)).toContain('broken')
      expect(JSON.stringify(found)).toMatch(/[Dd]amaged/)
    }))

  test('that others may read says so, and mending takes that away', () =>
    withFolder(async (folder) => {
      const path = join(folder, 'memory.db')
      await openOnce(path)
      chmodSync(path, 0o644)
      chmodSync(folder, 0o777)
      const [rights, ...more] = troubles(await inspected(path, folder))
      expect([rights?.check, rights?.level, more]).toEqual(['Rights', 'warning', []])
      expect(rights?.text).toContain(path)
      expect(await sqliteFile(path).mend()).toHaveLength(2)
      expect([statSync(path).mode & 0o777, statSync(folder).mode & 0o777]).toEqual([0o600, 0o755])
      expect(await sqliteFile(path).mend()).toEqual([])
    }))

  test('whose index lost an entry says so, and mending finds it again', () =>
    withFolder(async (folder) => {
      const path = join(folder, 'memory.db')
      await openOnce(path)
      makeDatabase(path, `${UNINDEXED}; ${triggerOf(path)}`)
      const [search, ...more] = troubles(await inspected(path, folder))
      expect([search?.check, search?.level, more]).toEqual(['Search', 'broken', []])
      expect(search?.text).toBe('Entries missing in the index: 1; in it, but gone: 0.')
      expect(await sqliteFile(path).mend()).toEqual(['Built the search index anew.'])
      expect(troubles(await inspected(path, folder))).toEqual([])
    }))

  test('where its folder should be is a file', () =>
    withFolder(async (folder) => {
      writeFileSync(join(folder, 'data'), 'x')
      const found = troubles(await sqliteFile(join(folder, 'data', 'memory.db')).inspect())
      expect(found.map(({ check, level }) => [check, level])).toEqual([['Data folder', 'broken']])
    }))

  test('that another connection keeps locked answers all the same', () =>
    withFolder(async (folder) => {
      const path = join(folder, 'memory.db')
      await openOnce(path)
      const holder = new DatabaseSync(path)
      holder.exec('pragma journal_mode = delete; begin exclusive')
      writeFileSync(`${path}-wal`, '')
      const found = troubles(await sqliteFile(path).inspect())
      expect(found.map(({ level }) => level)).toEqual(['broken'])
      expect(found[0]?.text).toContain('busy')
      holder.close()
    }))
})
