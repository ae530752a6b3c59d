import type { ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, describe, expect, test } from 'vitest'
import { type Cli, withCli } from '../../../support/cli.ts'
import { endOf, runProgram, startProgram } from '../../../support/run-program.ts'

async function fill(cli: Cli, count = 3): Promise<void> {
  const entries = Array.from({ length: count }, (_, i) => ({ name: `Fact ${i}`, content: `${i} 事実` }))
  const argv = ['knowledge', 'bulk-add', '--scope-type', 'global', '--entries', '-']
  expect(await cli(argv, { stdin: JSON.stringify(entries) })).toMatchObject({ code: 0 })
  await cli(['voting', 'record-vote', 'colour', '"blue"'])
}

/** The database that a test spoils before it is moved to: empty, and as a server would make it. */
async function emptyTarget(cli: Cli, statement: string): Promise<string> {
  const path = join(cli.dataDir, 'target.db')
  expect(await cli(['guideline', 'list', '--db-path', path])).toMatchObject({ code: 0 })
  onFile(path, statement)
  return path
}

function onFile(path: string, statement: string): void {
  const db = new DatabaseSync(path)
  db.exec(statement)
  db.close()
}

const exportOf = async (cli: Cli, path: string) => (await cli(['export', '--db-path', path])).stdout

describe('agent-memory migrate', () => {
  test('moves a file, and says which settings lead to the new one', () =>
    withCli(async (cli) => {
      await fill(cli)
      const [source, target] = [join(cli.dataDir, 'memory.db'), join(cli.project, 'moved.db')]
      const { code, stdout, stderr } = await cli(['migrate', '--to', 'sqlite:moved.db'])
      expect([code, stderr]).toEqual([0, ''])
      expect(stdout).toMatch(/^table +rows\nscope +1\nentry +3\n/)
      expect(stdout).toContain(
        `Moved sqlite:${source} to sqlite:${target}; every table is the same on both sides.`,
      )
      expect(stdout).toContain(`\n  AGENT_MEMORY_DB_TYPE=sqlite\n  AGENT_MEMORY_DB_PATH=${target}\n`)
      expect(await exportOf(cli, target)).toBe(await exportOf(cli, source))
    }))

  test('shows people how far it is', () =>
    withCli(async (cli) => {
      await fill(cli, 120)
      const { stderr } = await cli(['migrate', '--to', 'sqlite:moved.db'], { columns: 80 })
      expect(stderr).toMatch(/\rMoved \d+ %.*\rCompared \d+ %/s)
    }))

  test('never repeats an address that it does not understand', () =>
    withCli(async (cli) => {
      const url = 'postgresql://ada:s3cret@host/db'
      for (const argv of [
        [url],
        ['--too', url],
        [`--too=${url}`],
        ['--to', url, url],
        ['--to', 'postgresql://ada:s3cret/1@host/db'],
        ['--to', 'postgresql://ada:1/s3cret@host/db'],
        ['--to', 'postgresql://ada:1?s3cret@host/db'],
        ['--to', 'postgresql://ada:1#s3cret@host/db'],
        ['--to', 'mysql://ada:s3cret@host/db'],
      ]) {
        const { code, stdout, stderr } = await cli(['migrate', ...argv])
        expect([argv, code, stdout]).toEqual([argv, 2, ''])
        expect(stderr).not.toContain('s3cret')
      }
      expect(await cli(['migrate'])).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('--to ADDRESS'),
      })
      expect(await cli(['migrate', '--to'])).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('value'),
      })
      expect(await cli(['migrate', '--to', 'sqlite:'])).toMatchObject({ code: 2 })
    }))

  test('needs a database to move, and makes none', () =>
    withCli(async (cli) => {
      const { code, stderr } = await cli(['migrate', '--to', 'sqlite:moved.db'])
      expect([code, stderr]).toEqual([1, expect.stringContaining('There is no database at')])
      expect(readdirSync(cli.dataDir)).toEqual(['project'])
      expect(existsSync(join(cli.project, 'moved.db'))).toBe(false)
    }))

  test('does not move while an agent holds a lock, and makes no target', () =>
    withCli(async (cli) => {
      await cli(['lock', 'checkout', 'a.ts', '--agent-id', 'ada'])
      const { code, stderr } = await cli(['migrate', '--to', 'sqlite:moved.db'])
      expect([code, stderr]).toEqual([1, expect.stringMatching(/^E3000 FILE_LOCKED: 1 file is locked/)])
      expect(existsSync(join(cli.project, 'moved.db'))).toBe(false)
      await cli(['lock', 'checkin', 'a.ts', '--agent-id', 'ada'])
      expect(await cli(['migrate', '--to', 'sqlite:moved.db'])).toMatchObject({ code: 0 })
    }))

  test('moves to no file that holds something, and not to itself', () =>
    withCli(async (cli) => {
      await fill(cli)
      const other = join(cli.dataDir, 'other.db')
      await cli(['guideline', 'add', 'Here', 'already', '--db-path', other])
      expect(await cli(['migrate', '--to', `sqlite:${other}`])).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/^E2001 ALREADY_EXISTS: The target is not empty/),
      })
      expect(await cli(['migrate', '--to', `sqlite:${join(cli.dataDir, 'memory.db')}`])).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('The target is the database itself'),
      })
    }))

  test('names the table that differs after the move, and begins anew', () =>
    withCli(async (cli) => {
      await fill(cli)
      const spoil = `create trigger spoil after insert on vote begin update vote set reasoning = 'spoilt'; end`
      const target = await emptyTarget(cli, spoil)
      const refused = await cli(['migrate', '--to', `sqlite:${target}`, '--json'])
      expect(refused.code).toBe(1)
      expect(JSON.parse(refused.stdout)).toMatchObject({
        error: { name: 'MIGRATION_ERROR', details: { table: 'vote' } },
      })
      onFile(target, 'drop trigger spoil')
      expect(await cli(['guideline', 'list', '--db-path', target])).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/^E4001 MIGRATION_ERROR: .* has not finished/),
      })
      const again = await cli(['migrate', '--to', `sqlite:${target}`, '--json'])
      expect(JSON.parse(again.stdout)).toMatchObject({ resumed: false })
      expect(await exportOf(cli, target)).toBe(await exportOf(cli, join(cli.dataDir, 'memory.db')))
    }))

  test('refuses to go on when something else wrote to the target', () =>
    withCli(async (cli) => {
      await fill(cli, 600)
      const strange = `create trigger strange after insert on change_log when new.id = 500 begin
        insert into change_log values (5000, new.event_id, new.at, new.type, new.scope_type, new.scope_id, null, null, null,
          new.detail, new.versions, new.agent_id, new.instance_id); end`
      const target = await emptyTarget(cli, strange)
      expect(await cli(['migrate', '--to', `sqlite:${target}`])).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/^E2002 CONFLICT: Something else writes to the target/),
      })
    }))

  test('a half-filled file is no backup and no database to restore, and doctor says what it is', () =>
    withCli(async (cli) => {
      await fill(cli)
      const stop = `create trigger stop before insert on vote begin select raise(abort, 'stop'); end`
      const target = await emptyTarget(cli, stop)
      await cli(['migrate', '--to', `sqlite:${target}`])
      for (const argv of [['backup', 'copy.db'], ['doctor'], ['export']]) {
        const { code, stdout, stderr } = await cli([...argv, '--db-path', target])
        expect(code).toBe(1)
        expect(stdout + stderr).toContain('is the target of a migration that has not finished')
      }
      expect(await cli(['restore', target])).toMatchObject({ code: 1 })
    }))
})

describe('agent-memory migrate, as a program', () => {
  const children: ChildProcess[] = []
  const home = mkdtempSync(join(tmpdir(), 'agent-memory-migrate-'))
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL')
    rmSync(home, { recursive: true, force: true })
  })

  test('killed in the middle of a write, it goes on when it is called again', () =>
    withCli(async (cli) => {
      await fill(cli, 400)
      // The first vote takes for ever, with all entries before it.
      const stall = `create trigger stall before insert on vote begin select max(x) from
        (with recursive c (x) as (select 1 union all select x + 1 from c) select x from c limit 1e15); end`
      const target = await emptyTarget(cli, stall)
      const argv = ['migrate', '--to', `sqlite:${target}`, '--json']
      const env = { AGENT_MEMORY_DATA_DIR: cli.dataDir }
      const child = startProgram(argv, { home: cli.dataDir, env })
      children.push(child)
      const look = new DatabaseSync(target, { readOnly: true, timeout: 5_000 })
      await expect.poll(() => look.prepare('select count(*) as n from entry').get()?.['n']).toBe(400)
      child.kill('SIGKILL')
      await endOf(child)
      look.close()
      onFile(target, 'drop trigger stall')
      const { code, stdout } = await runProgram(argv, { home: cli.dataDir, env })
      expect(code).toBe(0)
      expect(JSON.parse(stdout)).toMatchObject({ resumed: true })
      expect(await exportOf(cli, target)).toBe(await exportOf(cli, join(cli.dataDir, 'memory.db')))
    }))
})
