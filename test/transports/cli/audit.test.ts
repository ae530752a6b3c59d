import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { withUsedCli } from '../../support/cli.ts'

test('audit verify ends with 1 where a row was altered, and names it; audit list shows which agent did what', () =>
  withUsedCli(async (cli) => {
    await cli(['--agent-id', 'ann', 'knowledge', 'add', 'n', 'x'])
    expect(await cli(['audit', 'verify'])).toMatchObject({ code: 0, stderr: '' })
    expect((await cli(['audit', 'list'])).stdout).toMatch(/entry\.created +ann/)
    const file = new DatabaseSync(join(cli.dataDir, 'memory.db'))
    file.exec(`update audit set event = replace(event, 'ann', 'eve')`)
    file.close()
    const { code, stdout } = await cli(['audit', 'verify'])
    expect(code).toBe(1)
    expect(stdout).toContain('is not what was sealed')
  }))
