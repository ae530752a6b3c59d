import { expect, test } from 'vitest'
import { withUsedCli } from '../../support/cli.ts'

test('status: JSON where the output is no terminal, text with --once, each with the holders of locks', () =>
  withUsedCli(async (cli) => {
    const empty = await cli(['status', '--once'])
    expect(empty).toMatchObject({ code: 0, stderr: '' })
    expect(empty.stdout).toContain('Nobody is at work here.')
    await cli(['--agent-id', 'ann', 'lock', 'checkout', 'a.ts', '--purpose', 'fix the rounding'])
    const { stdout } = await cli(['status'])
    expect(JSON.parse(stdout)).toMatchObject({
      agents: [{ agent_id: 'ann', state: 'editing', working_on: 'fix the rounding' }],
      events: [{ type: 'lock.acquired', agent_id: 'ann' }],
    })
    expect((await cli(['status', '--once', '--json'])).stdout).toContain('"agent_id": "ann"')
    const text = (await cli(['status', '--once'], { columns: 100, env: { NO_COLOR: '1' } })).stdout
    expect(text).toMatch(/ann {2}editing {2}since .* fix the rounding/)
    expect(text).toMatch(/a\.ts +\d+ s left/)
  }))

test('status: on a terminal a screen of its own, until a key ends it', () =>
  withUsedCli(async (cli) => {
    await cli(['--agent-id', 'ann', 'lock', 'checkout', 'a.ts', '--purpose', 'fix the rounding'])
    const { code, stdout } = await cli(['status'], { columns: 100, stdin: 'q', env: { NO_COLOR: '1' } })
    expect(code).toBe(0)
    expect(stdout.startsWith('\u001b[?1049h')).toBe(true)
    expect(stdout).toMatch(/ann {2}editing {2}since .* fix the rounding/)
    expect(stdout.endsWith('\u001b[?1049l')).toBe(true)
  }))

test('status: nothing that an agent calls itself steers the terminal', () =>
  withUsedCli(async (cli) => {
    await cli(['--agent-id', 'e\u202eve', 'lock', 'checkout', 'a.ts', '--purpose', 'x\u001b[2Jy'])
    const { stdout } = await cli(['status', '--once'])
    expect(stdout).toContain('eve')
    expect(stdout).not.toContain('\u001b')
    expect(stdout).not.toContain('\u202e')
  }))

test('status: a time that is none is refused by name', () =>
  withUsedCli(async (cli) => {
    expect(await cli(['status', '--every', '0'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--every') as string,
    })
  }))
