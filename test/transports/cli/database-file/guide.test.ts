import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Cli, shellWords, withCli } from '../../../support/cli.ts'

const PAGE = readFileSync(join(import.meta.dirname, '../../../../docs/guides/backup-and-restore.md'), 'utf8')

interface Step {
  readonly command: string
  readonly output: string
}

/** The commands of the page with what it says they print. */
const STEPS = [...PAGE.matchAll(/```console\n([\s\S]*?)```/g)].flatMap(([, block = '']): Step[] =>
  block
    .split(/^\$ /m)
    .filter(Boolean)
    .map((part) => {
      const end = part.indexOf('\n')
      return { command: part.slice(0, end), output: part.slice(end + 1) }
    }),
)

/** As the page has it: its folders, and no number that is another one tomorrow. */
function asOnThePage(text: string, { dataDir, project }: Cli): string {
  return text.replaceAll(project, '/home/ada/shop').replaceAll(dataDir, '/home/ada/.agent-memory')
}

function withoutNumbers(text: string): string {
  return text
    .replaceAll(/(\d+\.)+\d+( [MG]B)?/g, 'N')
    .replaceAll(/(schema v|V)ersion \d+/g, 'Version N')
    .replaceAll(/, \w+ \w+\.$/gm, ', a machine.')
    .trim()
}

test('the guide to backup and restore shows what the program prints', () =>
  withCli(async (cli) => {
    await cli(['guideline', 'add', 'No force push', 'Never force-push to main.'])
    expect(STEPS.length).toBeGreaterThan(4)
    for (const { command, output } of STEPS) {
      const [program, ...argv] = shellWords(command)
      expect(program).toBe('agent-memory')
      const { code, stdout, stderr } = await cli(argv)
      expect([command, code, stderr]).toEqual([command, 0, ''])
      expect(withoutNumbers(asOnThePage(stdout, cli))).toBe(withoutNumbers(output))
    }
  }))
