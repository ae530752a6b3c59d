import { expect, test } from 'vitest'
import { type Cli, withUsedCli } from '../../support/cli.ts'

const BASE = ['# Money', 'Use cents.', 'Round half up.', 'Never use floats.', 'Log it.'].join('\n')

async function conflicted(cli: Cli): Promise<string> {
  const json = async (argv: readonly string[]) =>
    JSON.parse((await cli([...argv, '--json'])).stdout) as Record<string, string>
  const { id = '' } = await json(['guideline', 'add', 'Money', BASE])
  const update = (agent: string, text: string, more: readonly string[] = []) =>
    json(['--agent-id', agent, 'guideline', 'update', '--id', id, '--content', text, ...more])
  await update('ann', BASE.replace('half up', 'half to even').replace('# Money', '# Money and taxes'))
  await update('bob', BASE.replace('half up', 'down').replace('Log it.', 'Log it twice.'), [
    '--base-version',
    '1',
  ])
  const { conflicts } = JSON.parse((await cli(['conflict', 'list', '--json'])).stdout) as {
    conflicts: { id: string }[]
  }
  return conflicts[0]?.id ?? ''
}

test('both sides and what was before stand below each other, what only one changed under its mark', () =>
  withUsedCli(async (cli) => {
    const id = await conflicted(cli)
    const { code, stdout, stderr } = await cli(['conflict', 'show', id])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain(
      'The guideline Money: open\n< current: ann, version 2\n> incoming: bob; it was refused\n| before both: version 1',
    )
    expect(stdout).toContain(
      [
        'content',
        '< # Money and taxes',
        '  Use cents.',
        '| Round half up.',
        '< Round half to even.',
        '> Round down.',
        '  Never use floats.',
        '> Log it twice.',
      ].join('\n'),
    )
    expect(stdout).toContain(`agent-memory conflict resolve ${id} merged --content - < merged.txt`)
    const merged = await cli(['conflict', 'resolve', id, 'merged', '--content', '-'], {
      stdin: 'Round half to even.',
    })
    expect(merged.code).toBe(0)
    expect((await cli(['conflict', 'show', id])).stdout).toContain('settled (merged)')
    const { diff } = JSON.parse((await cli(['conflict', 'show', id, '--json'])).stdout) as { diff: object[] }
    expect(diff).toEqual([{ field: 'content', hunks: expect.any(Array) as object[] }])
  }))

test('an id that is none is refused, and one that is missing asked for', () =>
  withUsedCli(async (cli) => {
    expect(await cli(['conflict', 'show', 'nothing'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('NOT_FOUND') as string,
    })
    expect(await cli(['conflict', 'show'])).toMatchObject({ code: 2 })
  }))
