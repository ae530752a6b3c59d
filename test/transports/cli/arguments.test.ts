import { describe, expect, it } from 'vitest'
import { type Cli, type CliOptions, withUsedCli } from '../../support/cli.ts'

type Json = Record<string, unknown>

async function json(cli: Cli, argv: readonly string[], options: CliOptions = {}): Promise<Json> {
  const { code, stdout, stderr } = await cli([...argv, '--json'], options)
  if (code !== 0) throw new Error(`exit ${code}: ${stdout}${stderr}`)
  return JSON.parse(stdout) as Json
}

const ADD = ['guideline', 'add', 'One', 'Text'] as const

describe('the arguments of an action', () => {
  it.each([
    [['--applies-to', 'src/**/*.{ts,tsx}', '--applies-to', 'b']],
    [['--applies_to=src/**/*.{ts,tsx}', '--appliesTo', 'b']],
    [['--applies-to', '["src/**/*.{ts,tsx}", "b"]']],
  ])('may be spelled %j', async (flags) => {
    await withUsedCli(async (cli) => {
      expect(await json(cli, [...ADD, ...flags])).toMatchObject({ applies_to: ['src/**/*.{ts,tsx}', 'b'] })
    })
  })

  it('are converted as the schema says', async () => {
    await withUsedCli(async (cli) => {
      const flags = [
        '--priority',
        '70',
        '--metadata',
        '{"a":[1]}',
        '--tags',
        'a, b',
        '--tags',
        'c',
        '--examples-good',
        'x, y',
      ]
      expect(await json(cli, [...ADD, ...flags])).toMatchObject({
        priority: 70,
        metadata: { a: [1] },
        tags: ['a', 'b', 'c'],
        examples: { good: ['x, y'], bad: [] },
      })
      expect(await json(cli, ['knowledge', 'add', '--name', '12', '--content', 'true'])).toMatchObject({
        name: '12',
        content: 'true',
      })
    })
  })

  it('hold any JSON where the value may be anything', async () => {
    await withUsedCli(async (cli) => {
      for (const [text, value] of [
        ['yes', 'yes'],
        ['2', 2],
        ['null', null],
        ['false', false],
        ['{"a":1}', { a: 1 }],
      ]) {
        expect(await json(cli, ['voting', 'record-vote', 't', String(text)])).toMatchObject({
          vote_value: value,
        })
      }
    })
  })

  it('turn on with the name and off with no-', async () => {
    await withUsedCli(async (cli) => {
      await json(cli, ['guideline', 'add', 'Wide', 'Text', '--scope-type', 'global'])
      await json(cli, ['guideline', 'add', 'Near', 'Text'])
      const names = async (...flags: string[]) => {
        const { entries } = await json(cli, ['guideline', 'list', ...flags])
        return (entries as Json[]).map(({ name }) => name)
      }
      expect(await names('--inherit')).toEqual(['Near', 'Wide'])
      expect(await names('--no-inherit')).toEqual(['Near'])
      expect(await names('--inherit=false')).toEqual(['Near'])
      expect(await names('--inherit', 'false')).toEqual(['Near'])
      expect((await cli(['guideline', 'list', '--inherit=maybe'])).code).toBe(2)
    })
  })

  it('may begin with a dash, and after -- all are words', async () => {
    await withUsedCli(async (cli) => {
      expect(await json(cli, ['guideline', 'add', '--name', 'A', '--content', '--force'])).toMatchObject({
        content: '--force',
      })
      expect((await cli(['guideline', 'add', '--', 'B', '--json'])).stdout).toContain('--json')
    })
  })

  it('take several files where one may be given', async () => {
    await withUsedCli(async (cli) => {
      const { locks } = await json(cli, ['lock', 'checkout', 'a.ts', 'b.ts'])
      expect((locks as Json[]).map(({ file_path }) => file_path)).toEqual([
        `${cli.project}/a.ts`,
        `${cli.project}/b.ts`,
      ])
    })
  })

  it('name the agent, for one call or as a filter', async () => {
    await withUsedCli(async (cli) => {
      expect(await json(cli, ['lock', 'checkout', 'a.ts', '--agent-id', 'ann'])).toMatchObject({
        agent_id: 'ann',
      })
      expect(await json(cli, ['--agent-id', 'bob', 'lock', 'checkout', 'b.ts'])).toMatchObject({
        agent_id: 'bob',
      })
      const env = { AGENT_MEMORY_AGENT_ID: 'eve' }
      expect(await json(cli, ['lock', 'checkout', 'c.ts'], { env })).toMatchObject({ agent_id: 'eve' })
      const { locks } = await json(cli, ['lock', 'list', '--agent-id', 'bob'])
      expect(locks).toMatchObject([{ agent_id: 'bob' }])
    })
  })
})

describe('a value of -', () => {
  it('is read from stdin, without the newline at its end', async () => {
    await withUsedCli(async (cli) => {
      expect(await json(cli, ['guideline', 'add', 'A', '-'], { stdin: 'two\nlines\n' })).toMatchObject({
        content: 'two\nlines',
      })
      const stdin = '[{"name": "B", "content": "b"}]'
      expect(await json(cli, ['guideline', 'bulk-add', '--entries', '-'], { stdin })).toMatchObject({
        entries: [{ name: 'B' }],
      })
    })
  })

  it('can be given once, and must be text', async () => {
    await withUsedCli(async (cli) => {
      expect(await cli(['guideline', 'add', '-', '-'], { stdin: 'x' })).toMatchObject({ code: 2, stdout: '' })
      for (const stdin of ['', '\n'])
        expect(await cli(['guideline', 'update', '--name', 'A', '--content', '-'], { stdin })).toMatchObject({
          code: 1,
          stderr: expect.stringContaining('stdin is empty'),
        })
      const stdin = Buffer.from([0xff, 0xfe, 0x41])
      expect((await cli(['guideline', 'add', 'A', '-'], { stdin })).stderr).toMatch(
        /^E1004 INVALID_PARAMETER: .*UTF-8/,
      )
    })
  })
})

describe('a command line that cannot be understood', () => {
  it.each([
    [['guidline', 'list'], "Did you mean 'guideline'?"],
    [['lock', 'chekout'], "Did you mean 'checkout'?"],
    [['knowledge', 'upsert', 'a'], "Did you mean 'add'?"],
    [['lock', 'acquire', 'a'], "Did you mean 'checkout'?"],
    [['knowledge', 'new', 'a'], "Did you mean 'add'?"],
    [['knowledge', 'write', 'a'], "Did you mean 'add'?"],
    [['knowledge', 'del', 'a'], "Did you mean 'delete'?"],
    [['knowledge', 'rm', 'a'], "Did you mean 'delete'?"],
    [['remember', 'this'], "Did you mean 'knowledge add'?"],
    [['vote'], "Did you mean 'voting record-vote'?"],
    [['list', '-q'], 'Unknown option -q.'],
    [['lock'], 'agent-memory lock --help'],
    [['guideline', 'list', '--limt', '4'], 'Did you mean --limit?'],
    [['guideline', 'list', '--no-inherrit'], 'Did you mean --no-inherit?'],
    [['guideline', 'list', '--limit'], '--limit=VALUE'],
    [['guideline', 'list', '--limit', '1', '--limit', '2'], 'Give it once.'],
    [['guideline', 'add', 'A', '--metadata', '{"a"'], 'For example: --metadata'],
    [['guideline', 'bulk-add', '--entries', '[{]'], 'For example: --entries'],
    [['guideline', 'add', 'A', 'B', '--name', 'C'], 'Give it once.'],
    [['guideline', 'get', 'No', 'force', 'push'], 'quotes'],
    [['search', '--tags', '{"include":["a"]}', '--tags-include', 'b', 'x'], 'Give it once.'],
    [['--dta-dir', 'x'], 'agent-memory --help'],
    [['--data-dir'], '--data-dir=VALUE'],
    [['completion', 'tcsh'], 'bash'],
    [['mcp', '--port', '1'], 'agent-memory mcp --help'],
    [['constructor'], 'agent-memory --help'],
  ])('%j ends with 2 and says what to do', async (argv, hint) => {
    await withUsedCli(async (cli) => {
      const { code, stdout, stderr } = await cli(argv)
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
      expect(stderr).toMatch(/^E1\d{3} [A-Z_]+: .+\n.+\n$/)
      expect(stderr).toContain(hint)
    })
  })
})

describe('a refused call', () => {
  it('ends with 1 and the error of the table', async () => {
    await withUsedCli(async (cli) => {
      await json(cli, ADD)
      const again = await cli(ADD)
      expect(again).toMatchObject({ code: 1, stdout: '' })
      expect(again.stderr).toMatch(/^E2001 ALREADY_EXISTS: .+\n(\w+: .+\n)*.+\n$/)
      expect(await cli(['guideline', 'add', '--content', 'x'])).toMatchObject({ code: 1 })
      expect((await cli(['guideline', 'list', '--limit', 'many'])).stderr).toMatch(
        /^E1004 INVALID_PARAMETER: limit/,
      )
      const bad = await cli(['health', '--log-level', 'loud'])
      expect(bad.stderr).toMatch(/^E1004 INVALID_PARAMETER: AGENT_MEMORY_LOG_LEVEL=loud/)
    })
  })

  it('is the common error body with --json', async () => {
    await withUsedCli(async (cli) => {
      const { code, stdout, stderr } = await cli(['guideline', 'get', 'None', '--json'])
      expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
      expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'E2000', name: 'NOT_FOUND' } })
    })
  })
})

describe('global options', () => {
  it('override the environment, before the command and after it', async () => {
    await withUsedCli(async (cli) => {
      const before = await json(cli, ['--data-dir', `${cli.dataDir}/x`, '--db-path=one.db', 'health'])
      expect(before).toMatchObject({ database: { path: `${cli.dataDir}/x/one.db` } })
      const after = await json(cli, ['health', '--data-dir', `${cli.dataDir}/y`])
      expect(after).toMatchObject({ database: { path: `${cli.dataDir}/y/memory.db` } })
      expect(await cli(['mcp', '--db-path', 'two.db'])).toMatchObject({
        code: 0,
        stdout: `serves ${cli.dataDir}/two.db\n`,
      })
      expect(await json(cli, ['scope', 'current', '--project', 'shop'])).toMatchObject({ name: 'shop' })
    })
  })

  it('become the environment of the server that setup registers', async () => {
    await withUsedCli(async (cli) => {
      const { code, stdout } = await cli(['--data-dir', 'mem', 'setup', 'cursor', '--force', '--dry-run'])
      expect(code).toBe(0)
      expect(stdout).toContain(`"AGENT_MEMORY_DATA_DIR": "${cli.project}/mem"`)
    })
  })
})
