import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { OPERATIONS } from '../../../src/operations/index.ts'
import { flagsOf } from '../../../src/transports/cli/arguments/schema.ts'
import { commandOf } from '../../../src/transports/cli/names.ts'
import { anyCharacter } from '../../support/any-character.ts'
import { withCli } from '../../support/cli.ts'

const HOSTILE = [
  '',
  '-',
  '--',
  '---',
  '-x',
  '--=',
  '=',
  '*',
  '"a',
  'NEAR/',
  '[',
  '{',
  '{}',
  '[]',
  'null',
  '\0',
  '\ud800',
  '💥',
  '1e999',
  '-1',
  'true',
]

/** A command of the catalogue with its own options and anything else in any order. */
const commandLine = fc
  .constantFrom(...OPERATIONS.filter(({ action }) => action !== 'wait'))
  .chain((operation) => {
    const flags = flagsOf(operation.input).map(({ name }) => `--${name}`)
    const word = fc.oneof(
      fc.constantFrom(...flags, ...HOSTILE, '--help', '--json', '--agent-id', '--project'),
      fc.constantFrom(...HOSTILE).map((text) => `${flags[0] ?? '--x'}=${text}`),
      fc.string({ unit: anyCharacter, maxLength: 12 }),
    )
    return fc
      .array(word, { maxLength: 6 })
      .map((words) => [...commandOf(operation).split(' ').slice(1), ...words])
  })

describe('any command line', () => {
  it('is done, refused or not understood, and never a crash', async () => {
    await withCli(async (cli) => {
      await fc.assert(
        fc.asyncProperty(commandLine, async (argv) => {
          const { code, stdout, stderr } = await cli(argv, { stdin: 'from stdin' })
          expect([0, 1, 2]).toContain(code)
          expect(stdout + stderr).not.toContain('E5001')
          expect(stdout + stderr).not.toMatch(/[^\P{Cc}\n\t]/u)
          if (code !== 0) expect(stdout + stderr).toMatch(/E\d{4}/)
        }),
        { numRuns: 300, seed: 20_260 },
      )
    })
  })
})
