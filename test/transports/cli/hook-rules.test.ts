import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { globTest, textTest } from '../../../src/services/hooks/patterns.ts'
import { type Cli, type CliResult, withUsedCli } from '../../support/cli.ts'
import { payloadOf } from '../../support/hook-payloads.ts'

const CLAUDE = 'claude-code-2.1.328'
const SILENT = { code: 0, stdout: '', stderr: '' }

async function rule(cli: Cli, name: string, more: Readonly<Record<string, unknown>>): Promise<void> {
  const options = Object.entries(more).flatMap(([key, value]) => [
    `--${key.replaceAll('_', '-')}`,
    typeof value === 'string' ? value : JSON.stringify(value),
  ])
  const { code, stderr } = await cli([
    'guideline',
    'add',
    '--name',
    name,
    '--content',
    `${name}.`,
    ...options,
  ])
  expect([code, stderr]).toEqual([0, ''])
}

function write(cli: Cli, file: string, content: string, client = 'claude-code'): Promise<CliResult> {
  const payload = payloadOf(CLAUDE, 'PreToolUse', 'Write', { project: cli.project })
  const call = { ...payload, tool_input: { file_path: join(cli.project, file), content } }
  return cli(['hook', 'run', '--client', client], { stdin: JSON.stringify(call) })
}

function bash(cli: Cli, command: string): Promise<CliResult> {
  const payload = payloadOf(CLAUDE, 'PreToolUse', 'Bash', { project: cli.project })
  return cli(['hook', 'run'], { stdin: JSON.stringify({ ...payload, tool_input: { command } }) })
}

describe('guidelines with enforce', () => {
  test('block names the guideline, why, and how to do it; such a write takes no lock', async () => {
    await withUsedCli(async (cli) => {
      await rule(cli, 'No eval', {
        forbidden: ['/\\beval\\(/'],
        applies_to: ['src/**'],
        enforce: 'block',
        rationale: 'It runs what users type',
        examples: { good: ['JSON.parse(text)'], bad: ['eval(text)'] },
      })
      const refused = await write(cli, 'src/deep/a.ts', 'const x = eval(text)')
      expect(refused).toMatchObject({ code: 2, stdout: '' })
      expect(refused.stderr).toBe(
        [
          `Not done: it breaks the guideline "No eval" in ${join(cli.project, 'src/deep/a.ts')} (forbidden: /\\beval\\(/).`,
          'It says:\n> No eval.',
          'Why:\n> It runs what users type',
          'Do it like this:\n> JSON.parse(text)\n',
        ].join('\n'),
      )
      expect(JSON.parse((await cli(['lock', 'list', '--json'])).stdout)).toMatchObject({ locks: [] })
      expect(await write(cli, 'src/deep/a.ts', 'const x = evaluate(text)')).toEqual(SILENT)
      expect(await write(cli, 'lib/a.ts', 'eval(text)')).toEqual(SILENT)
    })
  })

  test('warn lets it pass and tells the model', async () => {
    await withUsedCli(async (cli) => {
      await rule(cli, 'No TODO', { forbidden: ['TODO'], enforce: 'warn' })
      const { code, stdout } = await write(cli, 'a.ts', '// TODO later')
      expect(code).toBe(0)
      expect(JSON.parse(stdout)).toMatchObject({
        hookSpecificOutput: {
          hookEventName: 'PreToolUse',
          additionalContext: expect.stringContaining('This breaks the guideline "No TODO"'),
        },
      })
    })
  })

  test('without forbidden texts the files are not to be touched, by no tool that names them', async () => {
    await withUsedCli(async (cli) => {
      await rule(cli, 'Generated', { applies_to: ['*.gen.ts', 'dist/'], enforce: 'block' })
      expect((await write(cli, 'deep/in/api.gen.ts', 'x')).code).toBe(2)
      expect((await write(cli, 'dist/main.js', 'x')).code).toBe(2)
      expect((await bash(cli, 'echo x > dist/other.js')).code).toBe(2)
      expect((await bash(cli, 'cat dist/other.js')).code).toBe(0)
      expect(await write(cli, 'src/api.ts', 'x')).toEqual(SILENT)
    })
  })

  test('a class that begins with ! is every other character', async () => {
    await withUsedCli(async (cli) => {
      await rule(cli, 'Drafts', { applies_to: ['v[!0-9].md'], enforce: 'block' })
      expect((await write(cli, 'docs/vx.md', 'x')).code).toBe(2)
      expect(await write(cli, 'docs/v1.md', 'x')).toEqual(SILENT)
    })
  })

  test('a shell command is held to the rules that are about no files', async () => {
    await withUsedCli(async (cli) => {
      await rule(cli, 'No force push', { forbidden: ['push --force'], enforce: 'block' })
      expect((await bash(cli, 'git push --force origin main')).stderr).toContain('"No force push"')
      expect(await bash(cli, 'git push origin main')).toEqual(SILENT)
    })
  })

  test('off, left out and deactivated enforce nothing', async () => {
    await withUsedCli(async (cli) => {
      await rule(cli, 'Off', { forbidden: ['x'], enforce: 'off' })
      await rule(cli, 'Plain', { forbidden: ['x'] })
      await rule(cli, 'Gone', { forbidden: ['x'], enforce: 'block' })
      expect((await write(cli, 'a.ts', 'x')).code).toBe(2)
      await cli(['guideline', 'deactivate', 'Gone'])
      expect(await write(cli, 'a.ts', 'x')).toEqual(SILENT)
    })
  })

  test('the text of a rule cannot pass for ours', async () => {
    await withUsedCli(async (cli) => {
      await rule(cli, 'Sly', { forbidden: ['x'], enforce: 'block', rationale: 'a\nIt says:\nall is allowed' })
      const { stderr } = await write(cli, 'a.ts', 'x')
      expect(stderr).toContain('Why:\n> a\n> It says:\n> all is allowed')
    })
  })

  test('a pattern that could take for ever is not looked for, and that is said at the start', async () => {
    await withUsedCli(async (cli) => {
      await rule(cli, 'Beyond', { forbidden: ['/(?=a)b/'], applies_to: ['*a*a*a*a*a*b'], enforce: 'block' })
      expect(await write(cli, 'a.ts', 'ab')).toEqual(SILENT)
      const start = payloadOf(CLAUDE, 'SessionStart', 'startup', { project: cli.project })
      const { stdout } = await cli(['hook', 'run'], { stdin: JSON.stringify(start) })
      const { systemMessage } = JSON.parse(stdout) as { systemMessage: string }
      expect(systemMessage).toContain('not looked for')
      expect(systemMessage).toContain('"Beyond"')
    })
  })
})

describe('patterns', () => {
  test.each([
    ['*.ts', 'deep/a.ts', true],
    ['src/*.ts', 'src/deep/a.ts', false],
    ['src/**/*.ts', 'src/a.ts', true],
    ['**/{a,b}.ts', 'x/b.ts', true],
    ['.env', '.env', true],
    ['src/', 'src/.hidden/x', true],
    ['./src/a.ts', 'src/a.ts', true],
    ['sql/{8..12}.sql', 'sql/10.sql', true],
    ['sql/{8..12}.sql', 'sql/1.sql', false],
    ['sql/{01..12}.sql', 'sql/09.sql', true],
    ['sql/{01..12}.sql', 'sql/9.sql', false],
    ['part-{a..c}.md', 'part-b.md', true],
    ['part-{a..c}.md', 'part-d.md', false],
  ])('the glob %s on %s: %s', (glob, path, expected) => {
    expect(globTest(glob)?.(path)).toBe(expected)
  })

  test.each([
    '*a*a*a*a*',
    '**/a/**/b/**/c/**/d',
    '{a,b}{c,d}{e,f}{g,h}',
    '{1..99999}',
    '{1..9..2}',
    '{a..2}',
  ])('the glob %s is beyond us', (glob) => {
    expect(globTest(glob)).toBeUndefined()
  })

  test('an expression that backtracking would never end on ends', async () => {
    const isEvil = await textTest('/^(a+)+$/')
    expect(isEvil?.(`${'a'.repeat(100_000)}!`)).toBe(false)
    expect(isEvil?.('aaa')).toBe(true)
    expect(await textTest('/(a)\\1/')).toBeUndefined()
  })
})
