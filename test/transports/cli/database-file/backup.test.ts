import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { showProgress } from '../../../../src/transports/cli/view/progress.ts'
import { type Cli, withCli } from '../../../support/cli.ts'
import { openClient } from '../../../support/mcp.ts'

async function names(cli: Cli): Promise<string[]> {
  const { stdout } = await cli(['guideline', 'list', '--json'])
  const { entries } = JSON.parse(stdout) as { entries: readonly { name: string }[] }
  return entries.map(({ name }) => name).sort()
}

describe('backup and restore', () => {
  test('bring back what there was, and say where what is there now is kept', () =>
    withCli(async (cli) => {
      await cli(['guideline', 'add', 'One', 'First.'])
      const saved = await cli(['backup', 'copy.db'])
      const copy = join(cli.project, 'copy.db')
      expect(saved.code).toBe(0)
      expect(saved.stdout).toMatch(
        /^Copied .*memory\.db to .*copy\.db \(\d+\.\d MB, schema version \d+\)\.\n/,
      )
      expect(saved.stdout).toContain(`agent-memory restore ${copy}`)
      await cli(['guideline', 'add', 'Two', 'Second.'])
      const kept = join(cli.dataDir, 'memory.db.before-restore')
      const { code, stdout } = await cli(['restore', 'copy.db'])
      expect([code, stdout]).toEqual([
        0,
        `copy.db is now the database ${join(cli.dataDir, 'memory.db')}.\nThe one before is kept as ${kept}.\n`,
      ])
      expect(await names(cli)).toEqual(['One'])
      expect((await cli(['restore', kept])).code).toBe(0)
      expect(await names(cli)).toEqual(['One', 'Two'])
    }))

  test('while a real server has the database open: the copy works, the restore is refused', () =>
    withCli(async (cli) => {
      const client = await openClient(cli.dataDir)
      try {
        const args = { action: 'add', scope_type: 'global', name: 'Live', content: 'Written by a server.' }
        await client.callTool({ name: 'memory_guideline', arguments: args })
        expect((await cli(['backup', 'copy.db', '--json'])).code).toBe(0)
        const refused = await cli(['restore', 'copy.db'])
        expect(refused.code).toBe(1)
        expect(refused.stderr).toMatch(
          /^E4000 DATABASE_ERROR: .* is open \(by .*\)\. Nothing was changed\.\nClose the clients/,
        )
        expect(
          (await client.callTool({ name: 'memory_guideline', arguments: { ...args, name: 'Later' } }))
            .isError,
        ).toBeFalsy()
      } finally {
        await client.close()
      }
      expect(await names(cli)).toEqual(['Later', 'Live'])
      expect((await cli(['restore', 'copy.db'])).code).toBe(0)
      expect(await names(cli)).toEqual(['Live'])
    }))

  test('refuse with the code and the exit code of the table', () =>
    withCli(async (cli) => {
      expect(await cli(['backup'])).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('FILE is missing'),
      })
      expect(await cli(['backup', 'a', 'b'])).toMatchObject({
        code: 2,
        stderr: expect.stringContaining("'b'"),
      })
      const nothing = await cli(['backup', 'copy.db'])
      expect([nothing.code, nothing.stderr.split(':')[0]]).toEqual([1, 'E2000 NOT_FOUND'])
      expect(existsSync(join(cli.dataDir, 'memory.db'))).toBe(false)
      await cli(['guideline', 'add', 'One', 'First.'])
      await cli(['backup', 'copy.db'])
      const again = await cli(['backup', 'copy.db', '--json'])
      expect([again.code, JSON.parse(again.stdout)]).toMatchObject([1, { error: { code: 'E2001' } }])
      expect((await cli(['restore', 'gone.db'])).stderr).toContain('E2000 NOT_FOUND')
      expect(readdirSync(cli.project).sort()).toEqual(['.git', 'copy.db'])
      for (const word of ['backup', 'restore'])
        expect((await cli([word, '--help'])).stdout).toContain(`agent-memory ${word} FILE`)
    }))

  test('show how far they are on a terminal', async () => {
    const shown = async (columns: number | undefined) => {
      const stderr = new PassThrough()
      const { progress, end } = showProgress({ stderr, columns }, 'Copied')
      for (const done of [1, 501, 502, 1000]) progress(done, 1000)
      end()
      end()
      stderr.end()
      return text(stderr)
    }
    expect(await shown(80)).toBe(`\rCopied 0 %\rCopied 50 %\rCopied 100 %\r${' '.repeat(12)}\r`)
    expect(await shown(undefined)).toBe('')
  })
})
