import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Cli, withUsedCli } from '../../support/cli.ts'

async function json(cli: Cli, ...argv: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
  const { stdout, stderr } = await cli([...argv, '--json'])
  expect(stderr).toBe('')
  return JSON.parse(stdout) as Readonly<Record<string, unknown>>
}

test('a key is made, listed without itself, and revoked', () =>
  withUsedCli(async (cli) => {
    const made = await json(cli, 'key', 'create', 'alice', '--name', 'laptop', '--days', '90')
    expect(made).toMatchObject({ agent_id: 'alice', name: 'laptop', revoked_at: null })
    expect(made['key']).toMatch(/^am_[\w-]{43}$/)
    const days =
      (Date.parse(String(made['expires_at'])) - Date.parse(String(made['created_at']))) / 86_400_000
    expect(days).toBe(90)
    const { stdout } = await cli(['key', 'create', 'bob'])
    expect(stdout).toMatch(/^am_[\w-]{43}\n$/)
    const listed = await json(cli, 'key', 'list')
    expect(listed['keys']).toMatchObject([{ agent_id: 'alice' }, { agent_id: 'bob' }])
    expect(JSON.stringify(listed)).not.toContain(String(made['key']))
    const revoked = await json(cli, 'key', 'revoke', String(made['id']))
    expect(revoked).toMatchObject({ id: made['id'], revoked_at: expect.any(String) })
    expect(await json(cli, 'key', 'revoke', String(made['id']))).toEqual(revoked)
    expect((await cli(['key', 'list'])).stdout).toMatch(/alice .*revoked 20.*\n.*bob .*until revoked\n/)
  }))

test('a key is nowhere in the database', () =>
  withUsedCli(async (cli) => {
    const { stdout } = await cli(['key', 'create', 'alice'])
    const stored = ['memory.db', 'memory.db-wal'].map((name) => bytesOf(join(cli.dataDir, name)))
    expect(stored.join('')).toContain('alice')
    expect(stored.join('')).not.toContain(stdout.trim())
  }))

test.each([
  [['key', 'create']],
  [['key', 'create', 'alice', '--days', '0']],
  [['key', 'create', 'alice', '--days', 'many']],
  [['key', 'revoke']],
  [['key', 'nothing']],
])('%j is not understood', (argv) =>
  withUsedCli(async (cli) => {
    expect((await cli(argv)).code).toBe(2)
  }),
)

test('an id that is not there is refused', () =>
  withUsedCli(async (cli) => {
    expect(await cli(['key', 'revoke', 'nothing'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('E2000 NOT_FOUND'),
    })
  }))

function bytesOf(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}
