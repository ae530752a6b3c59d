import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { withCli } from '../../support/cli.ts'

describe('a secret on the command line', () => {
  const URL = 'postgresql://ada:SECRET@host/db'
  const LINES: (readonly string[])[] = [
    ['migrate', URL],
    ['migrate', '--to', URL, 'SECRET'],
    ['migrate', `--${URL}`],
    ['migrate', '-pSECRET'],
    ['migrate', '--too', URL],
    ['migrate', `--too=${URL}`],
    ['migrate', '--data-dir', URL, '--to', 'sqlite:x.db'],
    [URL],
    ['backup', 'a', URL],
    ['import', URL],
    ['import', 'a', '--on-conflict', URL],
    ['setup', 'AGENT_MEMORY_PG_PASSWORD=SECRET'],
    ['setup', 'cursor', '--AGENT_MEMORY_PG_PASSWORD=SECRET'],
    ['setup', 'cursor', '--evn', 'AGENT_MEMORY_PG_PASSWORD=SECRET'],
    ['setup', 'cursor', '--env', 'SECRET'],
    ['setup', 'cursor', '--undo', '--env', 'MY_KEY=SECRET'],
    ['setup', 'SECRET'],
    ['completion', 'SECRET'],
    ['health', URL],
  ]

  test.each(LINES.flatMap((argv) => [[argv], [['--json', ...argv]]]))('is in no error: %j', (argv) =>
    withCli(async (cli) => {
      // Another one each time: a process remembers those that it has seen.
      const secret = randomBytes(12).toString('hex')
      const { code, stdout, stderr } = await cli(argv.map((arg) => arg.replaceAll('SECRET', secret)))
      expect(code).toBeGreaterThan(0)
      expect(stdout + stderr).toMatch(/E\d{4}/)
      expect(stdout + stderr).not.toContain(secret)
    }),
  )
})
