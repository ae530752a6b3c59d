import { existsSync, readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { GLOBAL_FLAGS } from '../../../src/transports/cli/arguments/globals.ts'
import { type Flag, flagsOf, isBoolean, isList } from '../../../src/transports/cli/arguments/schema.ts'
import { type Branch, type Command, isBranch, nextOf } from '../../../src/transports/cli/command.ts'
import { PROGRAM } from '../../../src/transports/cli/commands.ts'
import { type Cli, type CliResult, withCli } from '../../support/cli.ts'

// One reader for every command of the table: each is tried with every kind of wrong option that there is.

function commandsOf(branch: Branch): Command[] {
  return nextOf(branch).flatMap(([, place]) => (isBranch(place) ? commandsOf(place) : [place]))
}

const COMMANDS = [...new Set(commandsOf(PROGRAM))].map((command) => ({
  line: command.words.join(' '),
  command,
}))
const TOOLS = nextOf(PROGRAM).flatMap(([name, place]) => (isBranch(place) ? [name] : []))

/** Every option that holds after the command's words. */
function flagsAfter({ input }: Command): Flag[] {
  const own = flagsOf(input)
  return [...own, ...GLOBAL_FLAGS.filter(({ name }) => !own.some((one) => one.name === name))]
}

/** Something that the option takes. */
function someValue({ schema }: Flag): string {
  return String(schema.enum?.[0] ?? schema.items?.enum?.[0] ?? '1')
}

/** Refused as not understood: exit 2, two lines on stderr, and nothing was touched. */
async function refused(cli: Cli, argv: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await cli(argv, { stdin: '' })
  expect({ argv, code, stdout }).toEqual({ argv, code: 2, stdout: '' })
  expect(stderr).toMatch(/^E1\d{3} [A-Z_]+: .+\n.+\n$/)
  return stderr
}

/** The same command line for machines. */
async function refusedAsJson(cli: Cli, argv: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await cli(argv, { stdin: '' })
  expect({ argv, code, stderr }).toEqual({ argv, code: 2, stderr: '' })
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: expect.stringMatching(/^E1\d{3}$/) } })
}

describe.each(COMMANDS)('agent-memory $line', ({ command }) => {
  const { words } = command
  const flags = flagsAfter(command)

  /** A folder in which nothing may have appeared afterwards. */
  const inFolder = (body: (cli: Cli) => Promise<void>) =>
    withCli(async (cli) => {
      await body(cli)
      expect(existsSync(`${cli.dataDir}/memory.db`)).toBe(false)
      expect(readdirSync(cli.project)).toEqual(['.git'])
    })

  test('refuses a mistyped option, with the nearest right one', () =>
    inFolder(async (cli) => {
      for (const { name } of flags) {
        for (const wrong of [
          `--${name}x`,
          `--${name}x=1`,
          `---${name}`,
          `--${name.toUpperCase()}`,
          `-${name}`,
        ]) {
          const said = await refused(cli, [...words, wrong])
          expect(said).toMatch(/^E1005 UNKNOWN_PARAMETER: Unknown option /)
          expect({ wrong, said }).toEqual({
            wrong,
            said: expect.stringMatching(/Did you mean --[\w-]+\? See agent-memory/),
          })
        }
        const [, meant] = /Did you mean --([\w-]+)\?/.exec(await refused(cli, [...words, `--${name}x`])) ?? []
        expect(flags.map((flag) => flag.name)).toContain(meant)
      }
      for (const odd of ['-x', '--=1', '-=', '--nothing-like-it', '-\u{1f4a5}'])
        await refused(cli, [...words, odd])
    }))

  test('refuses an option without its value, also when another option follows', () =>
    inFolder(async (cli) => {
      for (const { name, schema } of flags) {
        if (isBoolean(schema)) continue
        for (const rest of [[], ['--json=false'], ['--'], ['--no-color'], ['--data-dir=x']])
          expect(await refused(cli, [...words, `--${name}`, ...rest])).toContain(`--${name} needs a value.`)
      }
    }))

  test('refuses a value where there is none to give', () =>
    inFolder(async (cli) => {
      for (const { name, schema } of flags) {
        if (!isBoolean(schema)) {
          expect(await refused(cli, [...words, `--no-${name}`])).toContain(`Did you mean --${name}?`)
          continue
        }
        expect(await refused(cli, [...words, `--no-${name}=true`])).toContain(`--no-${name} takes no value.`)
        expect(await refused(cli, [...words, `--no-${name}x`])).toContain(`Did you mean --no-${name}?`)
        // What is still missing may be said first.
        if (name !== 'help' && name !== 'version') await refused(cli, [...words, `--${name}=maybe`])
      }
    }))

  test('refuses an option that is given twice, unless it is a list', () =>
    inFolder(async (cli) => {
      for (const flag of flags) {
        if (isList(flag.schema) || flag.name === 'help' || flag.name === 'version') continue
        const twice = isBoolean(flag.schema)
          ? [`--${flag.name}`, `--no-${flag.name}`]
          : [`--${flag.name}=${someValue(flag)}`, `--${flag.name}`, someValue(flag)]
        const { code, stdout, stderr } = await cli([...words, ...twice], { stdin: '' })
        expect({ twice, code }).toEqual({ twice, code: 2 })
        expect(stdout + stderr).toContain(`--${flag.name} is given twice.`)
      }
    }))

  test('answers a refusal as JSON wherever --json stands, and after -- nowhere', () =>
    inFolder(async (cli) => {
      for (const json of ['--json', '--json=true', '--json=yes']) {
        await refusedAsJson(cli, [json, ...words, '--nothing-like-it'])
        await refusedAsJson(cli, [...words, '--nothing-like-it', json])
        await refusedAsJson(cli, [words[0] ?? '', json, ...words.slice(1), '--nothing-like-it'])
      }
      await refused(cli, ['--json', ...words, '--nothing-like-it', '--json=no'])
      await refused(cli, [...words, '--nothing-like-it', '--', '--json'])
    }))

  test('shows its help wherever --help stands', () =>
    inFolder(async (cli) => {
      const help = await cli([...words, '--help'])
      expect(help).toMatchObject({ code: 0, stderr: '' })
      expect(help.stdout).toContain(`Usage: agent-memory ${words.join(' ')}`)
      for (const { name } of flags) expect(help.stdout).toMatch(new RegExp(`--(\\[no-\\])?${name}\\b`))
      const others: (readonly string[])[] = [
        ['--help', ...words],
        [...words, '-h'],
        ['help', ...words],
        ['--data-dir', 'x', ...words, '--nothing-like-it', '--help=true'],
      ]
      for (const argv of others) expect(await cli(argv)).toEqual(help)
    }))
})

describe('global options', () => {
  const PLACES = [
    ['--data-dir', 'FOLDER', 'guideline', 'list', '--json'],
    ['--json', 'guideline', '--data-dir=FOLDER', 'list'],
    ['guideline', '--json', 'list', '--data-dir', 'FOLDER'],
    ['guideline', 'list', '--data-dir', 'FOLDER', '--json', '--json=yes'],
  ]

  test.each(PLACES.map((argv) => [argv]))('mean the same in every place: %j', (argv) =>
    withCli(async (cli) => {
      const folder = `${cli.dataDir}/elsewhere`
      const result = await cli(argv.map((arg) => arg.replace('FOLDER', folder)))
      expect(result).toMatchObject({ code: 0, stderr: '' })
      expect(JSON.parse(result.stdout)).toMatchObject({ entries: [] })
      expect(existsSync(`${folder}/memory.db`)).toBe(true)
      expect(existsSync(`${cli.dataDir}/memory.db`)).toBe(false)
    }),
  )

  test.each([
    'backup copy.db',
    'restore copy.db',
    'export',
    'import in.jsonl',
    'migrate --to sqlite:b.db',
    'doctor',
  ])('lead %s to another folder, before it and after it', (line) =>
    withCli(async (cli) => {
      const said = ({ code, stdout, stderr }: CliResult) => ({ code, text: stdout + stderr })
      const elsewhere = `${cli.dataDir}/elsewhere`
      const after = said(await cli([...line.split(' '), '--data-dir', elsewhere]))
      expect(said(await cli([`--data-dir=${elsewhere}`, ...line.split(' ')]))).toEqual(after)
      expect(existsSync(`${cli.dataDir}/memory.db`)).toBe(false)
    }),
  )

  test('become the server environment that setup writes, before it and after it', () =>
    withCli(async (cli) => {
      const flags = ['--data-dir', 'mem', '--log-level=warn']
      const rest = ['setup', 'cursor', '--force', '--dry-run']
      const after = await cli([...rest, ...flags])
      expect(after).toMatchObject({ code: 0, stderr: '' })
      expect(after.stdout).toContain(`"AGENT_MEMORY_DATA_DIR": "${cli.project}/mem"`)
      expect(after.stdout).toContain('"AGENT_MEMORY_LOG_LEVEL": "warn"')
      expect(await cli([...flags, ...rest])).toEqual(after)
    }))

  test.each(TOOLS)('show the help of the tool %s, and its action is asked for', (tool) =>
    withCli(async (cli) => {
      expect((await cli(['--json', tool, '--help'])).stdout).toContain(`Usage: agent-memory ${tool} <action>`)
      expect(await refused(cli, [tool])).toContain(`See agent-memory ${tool} --help.`)
      expect(await refused(cli, [tool, '--limit', '3'])).toContain(`See agent-memory ${tool} --help.`)
      await refusedAsJson(cli, [tool, '--json=1', 'nonsense'])
    }),
  )
})
