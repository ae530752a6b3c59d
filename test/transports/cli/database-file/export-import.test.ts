import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { type CliResult, withCli } from '../../../support/cli.ts'

interface Memories {
  /** The folder that commands stand in. */
  readonly home: string
  /** Runs a command on the memory of that name, which is a folder in `home`. */
  run(memory: string, argv: readonly string[], stdin?: string | Buffer): Promise<CliResult>
  /** Puts so many entries in. */
  fill(memory: string, count?: number): Promise<void>
}

function withMemories(body: (memories: Memories) => Promise<void>): Promise<void> {
  return withCli((cli) => {
    const home = cli.project
    const run: Memories['run'] = (memory, argv, stdin = '') =>
      cli(['--data-dir', join(home, memory), ...argv], { stdin })
    const fill: Memories['fill'] = async (memory, count = 2) => {
      const entries = Array.from({ length: count }, (_, i) => ({ name: `Fact ${i}`, content: `${i} · 事実` }))
      const argv = ['knowledge', 'bulk-add', '--scope-type', 'global', '--entries', '-']
      expect(await run(memory, argv, JSON.stringify(entries))).toMatchObject({ code: 0, stderr: '' })
    }
    return body({ home, run, fill })
  })
}

describe('agent-memory export and import', () => {
  test('a file that exists is not replaced', () =>
    withMemories(async ({ run, home }) => {
      writeFileSync(join(home, 'memory.jsonl'), 'precious')
      expect(await run('one', ['export', 'memory.jsonl'])).toMatchObject({
        code: 1,
        stdout: '',
        stderr: expect.stringMatching(
          /^E2001 ALREADY_EXISTS: .* exists; an export never replaces a file\.\n/,
        ),
      })
      expect(readFileSync(join(home, 'memory.jsonl'), 'utf8')).toBe('precious')
    }))

  test('a cut file is refused with its line', () =>
    withMemories(async ({ run, fill }) => {
      await fill('one')
      const { stdout } = await run('one', ['export'])
      const refused = await run('two', ['import', '-', '--json'], Buffer.from(stdout).subarray(0, -30))
      expect(refused.code).toBe(1)
      expect(JSON.parse(refused.stdout)).toMatchObject({
        error: { name: 'INVALID_PARAMETER', details: { line: 4 } },
      })
      const { stdout: after } = await run('two', ['export'])
      expect(after.split('\n')).toHaveLength(3)
    }))

  test('a change here is refused, kept or replaced as asked', () =>
    withMemories(async ({ run, fill }) => {
      await fill('one', 1)
      await run('one', ['export', 'memory.jsonl'])
      await run('one', [
        'knowledge',
        'update',
        '--name',
        'Fact 0',
        '--scope-type',
        'global',
        '--content',
        'here',
      ])
      const changed = (await run('one', ['export'])).stdout
      expect(await run('one', ['import', 'memory.jsonl'])).toMatchObject({
        code: 1,
        stdout: '',
        stderr: expect.stringMatching(/^E2002 CONFLICT: Line 3: the entry is here already, and differs/),
      })
      expect((await run('one', ['import', 'memory.jsonl', '--on-conflict=keep'])).code).toBe(0)
      expect((await run('one', ['export'])).stdout).toBe(changed)
      expect((await run('one', ['import', 'memory.jsonl', '--on-conflict', 'replace'])).code).toBe(0)
      const { stdout } = await run('one', ['knowledge', 'get', 'Fact 0', '--scope-type', 'global', '--json'])
      expect(JSON.parse(stdout)).toMatchObject({ version: 3, content: '0 · 事実' })
    }))

  test('what is not there or not to be written is said', () =>
    withMemories(async ({ run, home }) => {
      mkdirSync(join(home, 'folder'))
      expect((await run('one', ['import', 'gone.jsonl'])).stderr).toMatch(
        /^E1003 .*gone\.jsonl cannot be read \(ENOENT\)/,
      )
      expect((await run('one', ['import', 'folder'])).stderr).toMatch(/^E1003 .* holds no Markdown file/)
      expect((await run('one', ['export', 'no/such/folder.jsonl'])).stderr).toMatch(
        /cannot be written \(ENOENT\)/,
      )
      expect(existsSync(join(home, 'no'))).toBe(false)
    }))

  test.each([
    [['import']],
    [['import', 'a', 'b']],
    [['import', 'a', '--on-conflict', 'maybe']],
    [['import', 'a', '--on-conflict']],
    [['import', 'a', '--on-conflit', 'keep']],
    [['export', 'a', 'b']],
    [['export', '--pretty']],
  ])('%j is not understood', (argv) =>
    withMemories(async ({ run, home }) => {
      expect(await run('one', argv)).toMatchObject({ code: 2, stdout: '' })
      expect(existsSync(join(home, 'one'))).toBe(false)
    }),
  )

  test.each(['export', 'import'])('%s --help shows examples', (command) =>
    withMemories(async ({ run }) => {
      const { code, stdout } = await run('one', [command, '--help'])
      expect(code).toBe(0)
      expect(stdout).toContain(`Usage: agent-memory ${command} `)
      expect(stdout).toContain(`\n  agent-memory ${command} memory.jsonl\n`)
    }),
  )

  test('an export works where only an index is damaged', () =>
    withMemories(async ({ run, fill, home }) => {
      await fill('one')
      const sound = (await run('one', ['export'])).stdout
      const path = join(home, 'one', 'memory.db')
      const db = new DatabaseSync(path)
      const { page } = {
        ...db.prepare("select rootpage as page from sqlite_schema where name = 'entry_name'").get(),
      }
      db.close()
      const bytes = readFileSync(path)
      bytes.fill(0xaa, (Number(page) - 1) * 4096, Number(page) * 4096)
      writeFileSync(path, bytes)
      expect((await run('one', ['doctor'])).code).toBe(1)
      expect(await run('one', ['export'])).toEqual({ code: 0, stderr: '', stdout: sound })
    }))
})
