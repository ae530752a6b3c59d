import { existsSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { MIGRATIONS } from '../../../src/store/migrations/index.ts'
import { sqliteFile } from '../../../src/store/sqlite/file/file.ts'
import { openTestApp, type TestApp } from '../../support/app.ts'
import { withWorkers } from '../../support/process.ts'
import { refusal } from '../../support/refusal.ts'
import { fingerprint, makeDatabase, openOnce, query, withFolder } from './files.ts'

const silent = () => {}

/** Runs `use` with an App on the folder, closed again afterwards. */
async function inApp<T>(dataDir: string, use: (t: TestApp) => Promise<T>): Promise<T> {
  const t = await openTestApp({ dataDir })
  try {
    return await use(t)
  } finally {
    await t.close()
  }
}

const add = (name: string) => (t: TestApp) =>
  t.call('memory_knowledge', 'add', { scope_type: 'global', name, content: `This is ${name}.` })

const names = (path: string) => query(path, 'select name from entry order by seq').map(({ name }) => name)

describe('a backup', () => {
  test('is one state of a database that others are writing to', () =>
    withFolder(async (dataDir) => {
      const target = join(dataDir, 'copy.db')
      await withWorkers({ dataDir, count: 2 }, async (a, b) => {
        const write = async (worker: typeof a, word: string) => {
          for (let count = 0; count < 40; count++) {
            const entries = ['x', 'y'].map((end) => ({
              name: `${word}-${count}-${end}`,
              content: 'Both or none.',
            }))
            await worker.call('memory_knowledge', 'bulk_add', { scope_type: 'global', entries })
          }
        }
        const writing = Promise.all([write(a, 'a'), write(b, 'b')])
        await a.call('memory_knowledge', 'add', {
          scope_type: 'global',
          name: 'first',
          content: 'Acknowledged.',
        })
        await sqliteFile(join(dataDir, 'memory.db')).backUp(target, silent)
        await writing
      })
      const copied = names(target)
      expect(copied).toContain('first')
      expect((copied.length - 1) % 2).toBe(0)
      expect(names(join(dataDir, 'memory.db')).length).toBe(161)
      expect(query(target, 'pragma integrity_check')).toEqual([{ integrity_check: 'ok' }])
    }))

  test('is for its owner only, says what it is, and leaves nothing else behind', () =>
    withFolder(async (dataDir) => {
      await inApp(dataDir, add('one'))
      const target = join(dataDir, 'copy.db')
      const steps: number[] = []
      const report = await sqliteFile(join(dataDir, 'memory.db')).backUp(target, (done) => steps.push(done))
      expect(report).toEqual({
        path: target,
        bytes: statSync(target).size,
        schema_version: MIGRATIONS.length,
      })
      expect(statSync(target).mode & 0o777).toBe(0o600)
      expect(readdirSync(dataDir).sort()).toEqual(['copy.db', 'memory.db', 'project'])
    }))

  test('never replaces a file', () =>
    withFolder(async (dataDir) => {
      await inApp(dataDir, add('one'))
      const target = join(dataDir, 'thesis.txt')
      writeFileSync(target, 'two years of work')
      const error = await refusal(sqliteFile(join(dataDir, 'memory.db')).backUp(target, silent))
      expect([error.errorName, error.message]).toEqual([
        'ALREADY_EXISTS',
        `${target} exists; a backup never replaces a file.`,
      ])
      expect(readFileSync(target, 'utf8')).toBe('two years of work')
    }))

  test('of no database, of a damaged one, to no folder: the reason, and no file', () =>
    withFolder(async (dataDir) => {
      const path = join(dataDir, 'memory.db')
      const target = join(dataDir, 'copy.db')
      expect((await refusal(sqliteFile(path).backUp(target, silent))).message).toBe(
        `There is no database at ${path}.`,
      )
      expect(existsSync(path)).toBe(false)
      await openOnce(path)
      const nowhere = join(dataDir, 'gone', 'copy.db')
      expect((await refusal(sqliteFile(path).backUp(nowhere, silent))).message).toBe(
        `${nowhere} cannot be opened.`,
      )
      truncateSync(path, 8192)
      expect((await refusal(sqliteFile(path).backUp(target, silent))).message).toContain(`${path} is damaged`)
      expect(readdirSync(dataDir)).toEqual(['memory.db'])
    }))
})

describe('restore', () => {
  test('brings the backup back and keeps the database of before', () =>
    withFolder(async (dataDir) => {
      const [path, copy] = [join(dataDir, 'memory.db'), join(dataDir, 'copy.db')]
      const file = sqliteFile(path)
      await inApp(dataDir, add('one'))
      await file.backUp(copy, silent)
      await inApp(dataDir, add('two'))
      expect(await file.restore(copy, silent)).toEqual({
        path,
        schema_version: MIGRATIONS.length,
        kept: `${path}.before-restore`,
      })
      expect(names(path)).toEqual(['one'])
      expect(names(`${path}.before-restore`)).toEqual(['one', 'two'])
      expect(statSync(path).mode & 0o777).toBe(0o600)
      await inApp(dataDir, add('three'))
      expect(names(path)).toEqual(['one', 'three'])
      expect((await file.restore(`${path}.before-restore`, silent)).kept).toBe(`${path}.before-restore-2`)
      expect(names(path)).toEqual(['one', 'two'])
      expect(query(path, 'pragma journal_mode')).toEqual([{ journal_mode: 'wal' }])
    }))

  test('makes the database where there is none', () =>
    withFolder(async (dataDir) => {
      const [path, copy] = [join(dataDir, 'memory.db'), join(dataDir, 'copy.db')]
      await inApp(dataDir, add('one'))
      await sqliteFile(path).backUp(copy, silent)
      const other = join(dataDir, 'other', 'memory.db')
      expect((await sqliteFile(other).restore(copy, silent)).kept).toBeNull()
      expect(names(other)).toEqual(['one'])
    }))

  test('takes back no fencing token and no lock', () =>
    withFolder(async (dataDir) => {
      const [path, copy] = [join(dataDir, 'memory.db'), join(dataDir, 'copy.db')]
      const lock = (file_path: string) => (t: TestApp) =>
        t.call<{ fencing_token: number }>('memory_file_lock', 'checkout', { file_path, ttl_ms: 600_000 })
      await inApp(dataDir, add('one'))
      await sqliteFile(path).backUp(copy, silent)
      const before = await inApp(dataDir, lock('held.ts'))
      await sqliteFile(path).restore(copy, silent)
      await inApp(dataDir, async (t) => {
        const held = await t.call('memory_file_lock', 'status', { file_path: 'held.ts' })
        expect(held).toMatchObject({ locked: true, fencing_token: before.fencing_token })
        expect((await lock('next.ts')(t)).fencing_token).toBeGreaterThan(before.fencing_token)
      })
    }))

  test('gives no version of an entry, and none of a name, another text', () =>
    withFolder(async (dataDir) => {
      const [path, copy] = [join(dataDir, 'memory.db'), join(dataDir, 'copy.db')]
      const update = (rest: object) => (t: TestApp) =>
        t.call('memory_knowledge', 'update', { scope_type: 'global', ...rest })
      await inApp(dataDir, add('one'))
      await inApp(dataDir, add('gone'))
      await inApp(dataDir, update({ name: 'gone', content: 'Changed.' }))
      await sqliteFile(path).backUp(copy, silent)
      await inApp(dataDir, update({ name: 'one', content: 'Lost.', agent_id: 'ann' }))
      await inApp(dataDir, update({ name: 'gone', content: 'Changed again.' }))
      await inApp(dataDir, (t) =>
        t.call('memory_knowledge', 'delete', { scope_type: 'global', name: 'gone' }),
      )
      await inApp(dataDir, add('two'))
      await inApp(dataDir, update({ name: 'two', content: 'Lost.', agent_id: 'ann' }))
      await sqliteFile(path).restore(copy, silent)

      await inApp(dataDir, async (t) => {
        const one = await t.call('memory_knowledge', 'get', { name: 'one' })
        expect(one).toMatchObject({ content: 'This is one.', version: 3 })
        const gone = await t.call('memory_knowledge', 'get', { name: 'gone' })
        expect(gone).toMatchObject({ content: 'Changed.', version: 4 })
        await add('two')(t)
        for (const name of ['one', 'two']) {
          await update({ name, content: 'By bob.', agent_id: 'bob' })(t)
          const stale = { scope_type: 'global', name, base_version: 2, content: 'By ann.', agent_id: 'ann' }
          expect(await t.refused('memory_knowledge', 'update', stale)).toMatchObject({ name: 'CONFLICT' })
          expect(await t.call('memory_knowledge', 'get', { name })).toMatchObject({ content: 'By bob.' })
        }
      })
    }))

  test('gives no version of a scope another name', () =>
    withFolder(async (dataDir) => {
      const [path, copy] = [join(dataDir, 'memory.db'), join(dataDir, 'copy.db')]
      const org = await inApp(dataDir, (t) =>
        t.call<{ id: string }>('memory_scope', 'create', { scope_type: 'org', name: 'org' }),
      )
      const named = (name: string) => ({ scope_type: 'org', scope_id: org.id, name })
      await sqliteFile(path).backUp(copy, silent)
      await inApp(dataDir, (t) => t.call('memory_scope', 'update', named('lost')))
      await sqliteFile(path).restore(copy, silent)
      await inApp(dataDir, async (t) => {
        await t.call('memory_scope', 'update', named('by bob'))
        const stale = { ...named('by ann'), base_version: 2, agent_id: 'ann' }
        expect(await t.refused('memory_scope', 'update', stale)).toMatchObject({ name: 'CONFLICT' })
      })
    }))

  test('gives no number of a turn twice', () =>
    withFolder(async (dataDir) => {
      const [path, copy] = [join(dataDir, 'memory.db'), join(dataDir, 'copy.db')]
      const start = (t: TestApp) =>
        t.call<{ id: string }>('memory_scope', 'start', { scope_type: 'session', name: 'Monday' })
      const { id } = await inApp(dataDir, start)
      const log = (t: TestApp) =>
        t.call<{ entries: { sequence: number }[] }>('memory_scope', 'log', {
          session_id: id,
          turns: [{ content: 'a' }],
        })
      await inApp(dataDir, log)
      await sqliteFile(path).backUp(copy, silent)
      await inApp(dataDir, log)
      await sqliteFile(path).restore(copy, silent)
      expect((await inApp(dataDir, log)).entries).toMatchObject([{ sequence: 3 }])
    }))

  test.each(['', ' of a lost database'])(
    'makes followers of events read anew, and moves every version%s',
    (lost) =>
      withFolder(async (dataDir) => {
        const [path, copy] = [join(dataDir, 'memory.db'), join(dataDir, 'copy.db')]
        const eventsAfter = (since: number) => (t: TestApp) =>
          t.call<{ events: { seq: number }[]; last_seq: number; resync?: boolean }>('memory_event', 'list', {
            since,
          })
        await inApp(dataDir, add('one'))
        await sqliteFile(path).backUp(copy, silent)
        await inApp(dataDir, add('two'))
        const { last_seq: before } = await inApp(dataDir, eventsAfter(0))
        const versions = () =>
          query(path, 'select version from scope_version order by scope_key').map(({ version }) =>
            Number(version),
          )
        const versionsBefore = versions()
        if (lost) rmSync(path)
        await sqliteFile(path).restore(copy, silent)
        for (const [at, version] of versions().entries())
          expect(version).toBeGreaterThan(versionsBefore[at] ?? 0)
        for (const step of ['three', 'four', 'five']) {
          const answer = await inApp(dataDir, eventsAfter(before))
          expect([answer.resync, answer.last_seq > before]).toEqual([true, true])
          await inApp(dataDir, add(step))
        }
        const { last_seq: now } = await inApp(dataDir, eventsAfter(before))
        await inApp(dataDir, add('six'))
        expect((await inApp(dataDir, eventsAfter(now))).events).toMatchObject([{ seq: now + 1 }])
      }),
  )

  test('is possible over a damaged file, which is kept, and no token comes again', () =>
    withFolder(async (dataDir) => {
      const [path, copy] = [join(dataDir, 'memory.db'), join(dataDir, 'copy.db')]
      await inApp(dataDir, add('one'))
      await sqliteFile(path).backUp(copy, silent)
      writeFileSync(path, 'garbage '.repeat(4000))
      const { kept } = await sqliteFile(path).restore(copy, silent)
      expect(readFileSync(kept ?? '', 'utf8')).toContain('garbage')
      expect(names(path)).toEqual(['one'])
      const lock = await inApp(dataDir, (t) =>
        t.call<{ fencing_token: number }>('memory_file_lock', 'checkout', { file_path: 'a.ts' }),
      )
      expect(lock.fencing_token).toBeGreaterThan(1_000_000)
    }))

  test('is refused while another process has the database open', () =>
    withFolder(async (dataDir) => {
      const [path, copy] = [join(dataDir, 'memory.db'), join(dataDir, 'copy.db')]
      await inApp(dataDir, add('one'))
      await sqliteFile(path).backUp(copy, silent)
      await withWorkers({ dataDir, count: 1 }, async (worker) => {
        await worker.call('memory_knowledge', 'add', {
          scope_type: 'global',
          name: 'two',
          content: 'Acknowledged.',
        })
        const error = await refusal(sqliteFile(path).restore(copy, silent))
        expect(error.message).toMatch(/is open \(by .*process.*\)\. Nothing was changed\./)
        expect(error.suggestion).toContain('Close the clients')
        await worker.call('memory_knowledge', 'add', {
          scope_type: 'global',
          name: 'three',
          content: 'Acknowledged.',
        })
      })
      expect(names(path)).toEqual(['one', 'two', 'three'])
      expect(readdirSync(dataDir).filter((name) => name.includes('restore'))).toEqual([])
    }))

  test('looks at the backup first: what is not a sound one of ours changes nothing', () =>
    withFolder(async (dataDir) => {
      const path = join(dataDir, 'memory.db')
      await inApp(dataDir, add('one'))
      const bad = (name: string) => join(dataDir, name)
      makeDatabase(bad('foreign.db'), 'create table t (a)')
      makeDatabase(bad('empty.db'), 'create table t (a); drop table t')
      writeFileSync(bad('text.db'), 'Dear diary, '.repeat(1000))
      await openOnce(bad('newer.db'), [
        ...MIGRATIONS,
        { name: 'next', changesData: false, up: async () => {} },
      ])
      await sqliteFile(path).backUp(bad('cut.db'), silent)
      truncateSync(bad('cut.db'), 16384)
      const before = fingerprint(dataDir)
      const reasons: Record<string, RegExp> = {
        'foreign.db': /another program/,
        'empty.db': /empty database/,
        'text.db': /not a SQLite database/,
        'newer.db': /newer agent-memory/,
        'cut.db': /cut\.db is damaged/,
        'missing.db': /no file/,
        'memory.db': /database itself/,
      }
      for (const [name, reason] of Object.entries(reasons))
        expect((await refusal(sqliteFile(path).restore(bad(name), silent))).message).toMatch(reason)
      expect(fingerprint(dataDir)).toEqual(before)
    }))

  test("never replaces another program's database", () =>
    withFolder(async (dataDir) => {
      const [path, copy] = [join(dataDir, 'memory.db'), join(dataDir, 'copy.db')]
      await inApp(dataDir, add('one'))
      await sqliteFile(path).backUp(copy, silent)
      const foreign = join(dataDir, 'foreign.db')
      makeDatabase(foreign, 'create table t (a)')
      const before = readFileSync(foreign)
      expect((await refusal(sqliteFile(foreign).restore(copy, silent))).message).toContain('another program')
      expect(readFileSync(foreign).equals(before)).toBe(true)
    }))
})
