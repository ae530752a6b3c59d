import { describe, expect, it } from 'vitest'
import { OPERATIONS } from '../../../src/operations/index.ts'
import { exampleOf } from '../../../src/transports/cli/names.ts'
import { render } from '../../../src/transports/cli/view/render.ts'
import { terminalOf } from '../../../src/transports/cli/view/terminal.ts'
import { shellWords, withUsedCli } from '../../support/cli.ts'
import { must, prepareExample } from '../../support/examples.ts'

/** Keys have commands of their own. */
const SHOWN = OPERATIONS.filter(({ tool }) => tool !== 'memory_key')

describe('the example of every action', () => {
  it.each(SHOWN.map((operation) => [exampleOf(operation), operation] as const))(
    'works: %s',
    async (_line, operation) => {
      await withUsedCli(async (cli) => {
        const result = await must(cli, await prepareExample(operation, cli))
        operation.output.parse(result)
        const shown = render(operation, result, terminalOf({ columns: undefined, env: {} }))
        expect(shown).not.toMatch(/undefined|\[object|^\s*$/)
        expect(shown).not.toContain('\x1b')
      })
    },
  )

  it('is part of the help', async () => {
    await withUsedCli(async (cli) => {
      for (const operation of SHOWN) {
        const words = shellWords(exampleOf(operation)).slice(1, exampleOf(operation).indexOf(' ') > 0 ? 3 : 2)
        const { code, stdout } = await cli([...words, '--help'])
        expect({ code, has: stdout.includes(`Example:\n  ${exampleOf(operation)}\n`) }).toEqual({
          code: 0,
          has: true,
        })
      }
    })
  })
})
