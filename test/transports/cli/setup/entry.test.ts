import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { stableNodePath } from '../../../../src/transports/cli/setup/clients/node-path.ts'
import { buildEntry } from '../../../../src/transports/cli/setup/entry.ts'

const OPTIONS = {
  platform: 'linux' as const,
  nodePath: '/usr/bin/node',
  mainPath: '/opt/agent-memory/dist/main.js',
  env: {},
  extra: undefined,
  npx: false,
}

describe('the entry', () => {
  test('starts the running node on the running program', () => {
    expect(buildEntry(OPTIONS)).toEqual({
      command: '/usr/bin/node',
      args: ['/opt/agent-memory/dist/main.js', 'mcp'],
      env: {},
    })
  })

  test('uses npx when npx runs us, since its cache may go', () => {
    const mainPath = '/home/ada/.npm/_npx/0f1e/node_modules/agent-memory/dist/main.js'
    expect(buildEntry({ ...OPTIONS, mainPath })).toMatchObject({
      command: 'npx',
      args: ['-y', 'agent-memory', 'mcp'],
    })
  })

  test('starts npx through the shell on Windows', () => {
    const entry = buildEntry({ ...OPTIONS, platform: 'win32', npx: true })
    expect(entry).toMatchObject({ command: 'cmd', args: ['/c', 'npx', '-y', 'agent-memory', 'mcp'] })
  })

  test('has what only its client knows', () => {
    expect(buildEntry({ ...OPTIONS, extra: { trust: true } }).extra).toEqual({ trust: true })
  })
})

describe('the path of node', () => {
  test("is Homebrew's lasting link instead of the folder of one version", async () => {
    const prefix = await realpath(await mkdtemp(join(tmpdir(), 'setup-brew-')))
    const cellar = join(prefix, 'Cellar', 'node', '24.1.0')
    await mkdir(join(cellar, 'bin'), { recursive: true })
    await writeFile(join(cellar, 'bin', 'node'), '')
    expect(await stableNodePath(join(cellar, 'bin', 'node'))).toBe(join(cellar, 'bin', 'node'))
    await mkdir(join(prefix, 'opt'))
    await symlink(cellar, join(prefix, 'opt', 'node'))
    expect(await stableNodePath(join(cellar, 'bin', 'node'))).toBe(join(prefix, 'opt', 'node', 'bin', 'node'))
    await rm(prefix, { recursive: true })
  })

  test('is left alone elsewhere', async () => {
    expect(await stableNodePath('/usr/bin/node')).toBe('/usr/bin/node')
  })
})
