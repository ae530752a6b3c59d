import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { withCli } from '../../../support/cli.ts'

// What only looks like a file: nothing waits on it for ever, and nothing says that it is done.

const MAKE: Record<string, (path: string) => void> = {
  'a named pipe': (path) => execFileSync('mkfifo', [path]),
  'a folder': (path) => mkdirSync(path),
  'a link that leads nowhere': (path) => symlinkSync('/nowhere/memory.db', path),
}

/** Everything that opens the database. */
const COMMANDS = [
  ['doctor'],
  ['knowledge', 'list'],
  ['knowledge', 'add', 'one', 'c'],
  ['export', 'out.jsonl'],
  ['backup', 'out.db'],
]

test.each(['import', 'export', 'backup', 'restore'])(
  '%s does not take an empty name for this folder',
  (command) =>
    withCli(async (cli) => {
      writeFileSync(join(cli.project, 'AGENTS.md'), '# Rules\n\nInteger cents.\n')
      const { code, stderr } = await cli([command, ''])
      expect([code, stderr]).toEqual([2, expect.stringMatching(/^E1004 INVALID_PARAMETER: FILE is empty\./)])
    }),
)

describe.each(Object.keys(MAKE))('%s in the place of the database', (kind) => {
  test.each(COMMANDS)('%s ends with an error', (...command) =>
    withCli(async (cli) => {
      MAKE[kind]?.(join(cli.dataDir, 'memory.db'))
      const { code, stdout, stderr } = await cli(command)
      expect(code).toBe(1)
      expect(`${stdout}${stderr}`).toMatch(
        /(is (a named pipe|a folder|a link that leads nowhere), not a file|no database)/,
      )
      expect(readdirSync(cli.project)).toEqual(['.git'])
    }),
  )
})

describe.each(Object.keys(MAKE))('%s as the target', (kind) => {
  test.each([
    ['export', 'target'],
    ['backup', 'target'],
  ])('of %s is refused, and stays as it is', (...command) =>
    withCli(async (cli) => {
      await cli(['knowledge', 'add', 'one', 'c'])
      MAKE[kind]?.(join(cli.project, 'target'))
      const { code, stderr } = await cli(command)
      expect([code, /exists/.test(stderr)]).toEqual([1, true])
      expect(readdirSync(cli.project)).toEqual(['.git', 'target'])
    }),
  )
})

test('of several exports to one name at once one is whole, and the others say that it is there', () =>
  withCli(async (cli) => {
    const entries = Array.from({ length: 50 }, (_, at) => ({ name: `n${at}`, content: 'x'.repeat(20_000) }))
    await cli(['knowledge', 'bulk-add', '--entries', JSON.stringify(entries)])
    const ends = await Promise.all(Array.from({ length: 4 }, () => cli(['export', 'all.jsonl'])))
    expect(ends.filter(({ code }) => code === 0)).toHaveLength(1)
    expect(ends.filter(({ stderr }) => stderr.includes('ALREADY_EXISTS'))).toHaveLength(3)
    expect(readdirSync(cli.project)).toEqual(['.git', 'all.jsonl'])
    const lines = readFileSync(join(cli.project, 'all.jsonl'), 'utf8').trimEnd().split('\n')
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ counts: { entry: 50 } })
    expect(lines.filter((line) => line.startsWith('{"kind":"entry"'))).toHaveLength(50)
  }))
