import { execFileSync } from 'node:child_process'
import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { PassThrough } from 'node:stream'
import { text as readAll } from 'node:stream/consumers'
import { parse as parseJsonc } from 'jsonc-parser'
import { parse as parseToml } from 'smol-toml'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openApp, openCheck, openFile, openMove } from '../../../../src/app.ts'
import { readConfig } from '../../../../src/config.ts'
import type { CliIo } from '../../../../src/transports/cli/io.ts'
import { runCli } from '../../../../src/transports/cli/main.ts'
import { CLIENTS, type ClientId } from '../../../../src/transports/cli/setup/clients.ts'
import { locateUserFile } from '../../../../src/transports/cli/setup/locate.ts'

const ENTRY = { command: '/usr/bin/node', args: ['/opt/agent-memory/dist/main.js', 'mcp'] }
const CURSOR = '.cursor/mcp.json'

let home: string

beforeEach(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), 'setup-run-')))
})

afterEach(async () => {
  await rm(home, { recursive: true })
})

interface Outcome {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** Runs setup on a machine of its own; `answer` is what somebody types, without it there is no terminal. */
async function setup(
  argv: string,
  { answer, ...io }: Partial<CliIo> & { readonly answer?: string } = {},
): Promise<Outcome> {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()]
  stdin.end(answer)
  const code = await runCli(['setup', ...argv.split(' ').filter(Boolean)], {
    home,
    platform: 'linux',
    cwd: home,
    env: {},
    stdin,
    stdout,
    stderr,
    isTTY: answer !== undefined,
    columns: answer === undefined ? undefined : 80,
    readConfig: (overrides) => readConfig({}, overrides),
    checkSettings: () => [],
    onInterrupt: () => () => {},
    openApp,
    openCheck,
    openFile,
    openMove,
    serveHooks: async () => 0,
    serveMcp: async () => 0,
    serveHttp: async () => 0,
    nodePath: ENTRY.command,
    mainPath: '/opt/agent-memory/dist/main.js',
    ...io,
  })
  stdout.end()
  stderr.end()
  return { code, out: await readAll(stdout), err: await readAll(stderr) }
}

async function put(path: string, content: string | Uint8Array): Promise<string> {
  const file = join(home, path)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, content)
  return file
}

function read(path: string): Promise<string> {
  return readFile(join(home, path), 'utf8')
}

describe.each<[ClientId, string, string]>([
  ['claude-code', '.claude.json', '{\n  "numStartups": 7,\n  "projects": {}\n}'],
  ['claude-desktop', '.config/Claude/claude_desktop_config.json', '{ "globalShortcut": "" }\n'],
  [
    'cursor',
    CURSOR,
    '\uFEFF{\r\n\t// mine\r\n\t"mcpServers": {\r\n\t\t"x": { "url": "https://x.test" },\r\n\t},\r\n}\r\n',
  ],
  ['vscode', '.config/Code/User/mcp.json', '{"servers":{},"inputs":[]}'],
  ['codex', '.codex/config.toml', '# mine\nmodel = "gpt-5"\n\n[mcp_servers.docs]\ncommand = "docs"'],
  ['windsurf', '.codeium/windsurf/mcp_config.json', ''],
])('%s', (id, path, before) => {
  function servers(text: string): unknown {
    if (id === 'codex') return parseToml(text)['mcp_servers']
    return parseJsonc(text.replace(/^\uFEFF/, ''))[id === 'vscode' ? 'servers' : 'mcpServers']
  }

  test('is registered, found registered, and taken out without a trace', async () => {
    await put(path, before)
    const type = id === 'vscode' ? { type: 'stdio' } : {}

    const first = await setup(`${id} --yes --env AGENT_MEMORY_DATA_DIR=/srv/memory`)
    expect(first).toMatchObject({ code: 0, err: '' })
    expect(first.out).toContain('agent-memory')
    const env = { AGENT_MEMORY_DATA_DIR: '/srv/memory' }
    expect(servers(await read(path))).toMatchObject({ 'agent-memory': { ...type, ...ENTRY, env } })
    expect(await read(`${path}.agent-memory.bak`)).toBe(before)

    const after = await read(path)
    expect((await setup(`${id} --yes`)).out).toContain('already registered')
    expect(await read(path)).toBe(after)

    expect((await setup(`${id} --undo --yes`)).code).toBe(0)
    expect(await read(path)).toBe(before)
    expect(await readdir(dirname(join(home, path)))).toEqual([path.split('/').at(-1)])
  })

  test('that was never started is refused, unless forced', async () => {
    expect(await setup(`${id} --yes`)).toMatchObject({ code: 1, err: expect.stringContaining('E2000') })
    expect(await readdir(home)).toEqual([])

    expect((await setup(`${id} --yes --force`)).code).toBe(0)
    expect(servers(await read(path))).toMatchObject({ 'agent-memory': ENTRY })
    expect((await stat(join(home, path))).mode & 0o777).toBe(0o600)

    expect((await setup(`${id} --undo --yes`)).code).toBe(0)
    expect(await readdir(dirname(join(home, path)))).toEqual([])
  })
})

describe.each(CLIENTS.map(({ id, format }) => ({ id, format })))('$id', ({ id, format }) => {
  const LEVELS = 10_000
  const nested =
    format === 'toml'
      ? [`a = ${'['.repeat(LEVELS)}${']'.repeat(LEVELS)}`, `a${'.a'.repeat(LEVELS)} = 1`]
      : [
          `{"a":${'['.repeat(LEVELS)}${']'.repeat(LEVELS)}}`,
          `${'{"a":'.repeat(LEVELS)}1${'}'.repeat(LEVELS)}`,
        ]

  test.each(nested.map((text) => ({ text })))(
    'a file of 10,000 levels is refused in words',
    async ({ text }) => {
      await setup(`${id} --yes --force`)
      const client = CLIENTS.find((each) => each.id === id)
      if (client === undefined) throw new Error('no such client')
      const { file } = await locateUserFile(client, { home, platform: 'linux', env: {} })
      await writeFile(file, text)
      for (const argv of [`${id} --yes`, `${id} --undo --yes`, `${id} --dry-run`]) {
        const refused = await setup(argv)
        expect(refused).toMatchObject({ code: 1, err: expect.stringMatching(/nested/) })
        expect(refused.err).not.toContain('RangeError')
      }
      expect(await readFile(file, 'utf8')).toBe(text)
    },
  )
})

test('a settings file with megabytes of history on one line is edited, and one in TOML refused', async () => {
  const history = Array.from({ length: 20_000 }, (_, at) => [
    `/project-${at}`,
    { said: ['fix it '.repeat(40)] },
  ])
  const long = JSON.stringify({
    projects: Object.fromEntries(history),
    mcpServers: { other: { command: 'x' } },
  })
  const file = await put('.claude.json', long)
  expect(await setup('claude-code --yes')).toMatchObject({ code: 0 })
  const { projects, mcpServers } = JSON.parse(await readFile(file, 'utf8')) as Record<string, object>
  expect(Object.keys(projects ?? {})).toHaveLength(20_000)
  expect(Object.keys(mcpServers ?? {})).toEqual(['other', 'agent-memory'])
  expect(await setup('claude-code --undo --yes')).toMatchObject({ code: 0 })
  expect(await readFile(file, 'utf8')).toBe(long)
  await put('.codex/config.toml', `note = "${'x'.repeat(3_000_000)}"\n`)
  expect(await setup('codex --yes')).toMatchObject({ code: 1, err: expect.stringContaining('characters') })
})

test.each(['a pipe', 'a folder', 'a link'])(
  '%s in the place of the backup is refused, not read',
  async (kind) => {
    const file = await put(CURSOR, '{}\n')
    const backup = `${file}.agent-memory.bak`
    if (kind === 'a pipe') execFileSync('mkfifo', [backup])
    if (kind === 'a folder') await mkdir(backup)
    if (kind === 'a link') await symlink(file, backup)
    const refused = await setup('cursor --yes')
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('is not a file') })
    expect(await read(CURSOR)).toBe('{}\n')
  },
)

describe('a Windows package of Claude Desktop', () => {
  test('is preferred to the plain folder, which it does not read', async () => {
    // The pattern of a location is tried with this machine's separators; the Windows paths themselves are in clients.test.ts.
    const desktop = CLIENTS.find((client) => client.id === 'claude-desktop')
    if (desktop === undefined) throw new Error('no such client')
    const client = {
      ...desktop,
      locations: () => [
        {
          file: join(home, 'Packages', 'Claude_*', 'Roaming', 'c.json'),
          marker: join(home, 'Packages', 'Claude_*', 'Roaming'),
        },
        { file: join(home, 'Claude', 'c.json'), marker: join(home, 'Claude') },
      ],
    }
    const place = { home, platform: 'linux' as const, env: {} }
    expect(await locateUserFile(client, place)).toEqual({
      file: join(home, 'Claude', 'c.json'),
      isInstalled: false,
    })
    await mkdir(join(home, 'Claude'))
    expect(await locateUserFile(client, place)).toEqual({
      file: join(home, 'Claude', 'c.json'),
      isInstalled: true,
    })
    await mkdir(join(home, 'Packages', 'Claude_pzs8', 'Roaming'), { recursive: true })
    const packaged = join(home, 'Packages', 'Claude_pzs8', 'Roaming', 'c.json')
    expect(await locateUserFile(client, place)).toEqual({ file: packaged, isInstalled: true })
  })
})

describe('asking', () => {
  beforeEach(() => put(CURSOR, '{}'))

  test('a yes applies the change that was shown', async () => {
    const { code, out } = await setup('cursor', { answer: 'y\n' })
    expect(code).toBe(0)
    expect(out.indexOf('agent-memory')).toBeLessThan(out.indexOf('Apply this change?'))
    expect(parseJsonc(await read(CURSOR))).toEqual({ mcpServers: { 'agent-memory': ENTRY } })
  })

  test.each(['n\n', '\n', ''])('anything else (%j) changes nothing', async (answer) => {
    expect(await setup('cursor', { answer })).toMatchObject({
      code: 1,
      out: expect.stringContaining('nothing was changed'),
    })
    expect(await read(CURSOR)).toBe('{}')
    expect(await readdir(join(home, '.cursor'))).toEqual(['mcp.json'])
  })

  test('without a terminal --yes is needed', async () => {
    expect(await setup('cursor')).toMatchObject({ code: 1, err: expect.stringContaining('--yes') })
    expect(await read(CURSOR)).toBe('{}')
  })

  test('a dry run shows the change and writes nothing', async () => {
    const { code, out } = await setup('cursor --dry-run')
    expect(code).toBe(0)
    expect(out).toContain('+    "agent-memory": {')
    expect(await readdir(join(home, '.cursor'))).toEqual(['mcp.json'])
    expect(await read(CURSOR)).toBe('{}')
  })
})

describe('a file that cannot be changed', () => {
  test.each([
    ['is broken', '{\n  "mcpServers": {\n    "a": 1\n    "b": 2\n  }\n}', 'line 4'],
    ['is not UTF-8', Buffer.from('\uFEFF{}', 'utf16le'), 'UTF-8'],
  ])('because it %s stays as it is', async (_name, content, reason) => {
    const file = await put(CURSOR, content)
    const before = await readFile(file)
    expect(await setup('cursor --yes')).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringContaining(reason),
    })
    expect(await readFile(file)).toEqual(before)
    expect(await readdir(dirname(file))).toEqual(['mcp.json'])
  })

  test('because it is read-only stays as it is', async () => {
    const file = await put(CURSOR, '{}')
    await chmod(file, 0o444)
    expect(await setup('cursor --yes')).toMatchObject({ code: 1, err: expect.stringContaining('read-only') })
    expect(await read(CURSOR)).toBe('{}')
    expect(await readdir(dirname(file))).toEqual(['mcp.json'])
  })

  test('because it is a folder is refused', async () => {
    await mkdir(join(home, CURSOR), { recursive: true })
    expect(await setup('cursor --yes')).toMatchObject({
      code: 1,
      err: expect.stringContaining('is not a file'),
    })
  })

  test('because another program changes it in between keeps that change', async () => {
    const file = await put(CURSOR, '{}')
    const [stdin, stdout] = [new PassThrough(), new PassThrough()]
    stdout.once('data', async () => {
      await writeFile(file, '{"theirs": 1}')
      stdin.end('y\n')
    })
    expect(await setup('cursor', { answer: '', stdin, stdout })).toMatchObject({
      code: 1,
      err: expect.stringContaining('another program'),
    })
    expect(await read(CURSOR)).toBe('{"theirs": 1}')
  })
})

describe('the file itself', () => {
  test('stays a link to where it leads', async () => {
    const target = await put('dotfiles/cursor.json', '{}')
    await mkdir(join(home, '.cursor'))
    await symlink('../dotfiles/cursor.json', join(home, CURSOR))
    expect((await setup('cursor --yes')).code).toBe(0)
    expect((await lstat(join(home, CURSOR))).isSymbolicLink()).toBe(true)
    expect(await readFile(target, 'utf8')).toContain('agent-memory')
    expect((await setup('cursor --undo --yes')).code).toBe(0)
    expect(await readFile(target, 'utf8')).toBe('{}')
  })

  test('is made where a link leads that ends nowhere yet', async () => {
    await mkdir(join(home, '.cursor'))
    await symlink('../dotfiles/cursor.json', join(home, CURSOR))
    expect((await setup('cursor --yes')).code).toBe(0)
    expect(await read('dotfiles/cursor.json')).toContain('agent-memory')
  })

  test('keeps its mode, and so does the backup', async () => {
    const file = await put(CURSOR, '{}')
    await chmod(file, 0o640)
    await setup('cursor --yes')
    expect((await stat(file)).mode & 0o777).toBe(0o640)
    expect((await stat(`${file}.agent-memory.bak`)).mode & 0o777).toBe(0o640)
  })

  test('that others have changed since loses only our entry by undo', async () => {
    const file = await put(CURSOR, '{"a": 1}')
    await setup('cursor --yes')
    await writeFile(file, (await readFile(file, 'utf8')).replace('"a": 1', '"a": 2, "b": [3]'))
    expect((await setup('cursor --undo --yes')).code).toBe(0)
    expect(await read(CURSOR)).toBe('{"a": 2, "b": [3]}')
  })
})

describe('an entry of another program under our name', () => {
  const theirs = '{"mcpServers": {"agent-memory": {"command": "uvx", "args": ["other-memory"]}}}'

  test('is replaced after showing it, and comes back by undo', async () => {
    await put(CURSOR, theirs)
    const first = await setup('cursor --yes')
    expect(first.out).toContain('-{"mcpServers": {"agent-memory": {"command": "uvx"')
    expect(parseJsonc(await read(CURSOR))).toEqual({ mcpServers: { 'agent-memory': ENTRY } })
    expect((await setup('cursor --undo --yes')).out).toContain('the entry of before is back')
    expect(await read(CURSOR)).toBe(theirs)
  })

  test('is left alone if it is a remote server', async () => {
    const remote = '{"mcpServers": {"agent-memory": {"url": "https://x.test/mcp"}}}'
    await put(CURSOR, remote)
    expect(await setup('cursor --yes')).toMatchObject({
      code: 1,
      err: expect.stringContaining('remote server'),
    })
    expect(await read(CURSOR)).toBe(remote)
  })
})

describe('--project', () => {
  test.each<[ClientId, string]>([
    ['claude-code', '.mcp.json'],
    ['cursor', '.cursor/mcp.json'],
    ['vscode', '.vscode/mcp.json'],
    ['codex', '.codex/config.toml'],
  ])('%s writes the file of the Git root', async (id, path) => {
    await mkdir(join(home, 'work', '.git'), { recursive: true })
    await mkdir(join(home, 'work', 'src', 'deep'), { recursive: true })
    const io = { cwd: join(home, 'work', 'src', 'deep') }
    const first = await setup(`${id} --project --yes`, io)
    expect(first).toMatchObject({ code: 0, err: expect.stringContaining('--npx') })
    expect(await read(`work/${path}`)).toContain('/opt/agent-memory/dist/main.js')

    expect(await setup(`${id} --project --npx --yes`, io)).toMatchObject({ code: 0, err: '' })
    expect(await read(`work/${path}`)).not.toContain('/opt/agent-memory')
    expect((await setup(`${id} --project --undo --yes`, io)).code).toBe(0)
    await expect(read(`work/${path}`)).rejects.toThrow('ENOENT')
  })

  test('is refused where the client has none', async () => {
    expect(await setup('windsurf --project --yes')).toMatchObject({
      code: 1,
      err: expect.stringContaining('--project'),
    })
  })
})

describe('without a client', () => {
  test('shows what is installed and registered', async () => {
    await put(CURSOR, '{}')
    await put('.codex/config.toml', 'broken =')
    await setup('cursor --yes')
    const { code, out } = await setup('--json')
    expect(code).toBe(0)
    const states = JSON.parse(out).clients.map(({ client, state }: { client: string; state: string }) => [
      client,
      state,
    ])
    expect(Object.fromEntries(states)).toEqual({
      'claude-code': 'not-installed',
      'claude-desktop': 'not-installed',
      cursor: 'registered',
      vscode: 'not-installed',
      codex: 'unreadable',
      windsurf: 'not-installed',
    })
    expect((await setup('')).out).toMatch(/^cursor {10}registered {6}.*\.cursor\/mcp\.json$/m)
    expect((await setup('', { nodePath: '/other/node' })).out).toContain(
      'registered, but with another command',
    )
  })

  test('--all goes to every installed one, past one that is refused', async () => {
    await put(CURSOR, '{}')
    await put('.codex/config.toml', 'broken =')
    await put('.claude.json', '{}')
    const { code, out } = await setup('--all --yes --json')
    expect(code).toBe(1)
    expect(JSON.parse(out).clients).toMatchObject([
      { client: 'claude-code', state: 'registered', action: 'added' },
      { client: 'cursor', state: 'registered', action: 'added' },
      { client: 'codex', error: { code: 'E1004' } },
    ])
    expect(await read('.claude.json')).toContain('agent-memory')
  })

  test('--all with none installed says so', async () => {
    expect(await setup('--all --yes')).toMatchObject({ code: 1, err: expect.stringContaining('--force') })
  })
})

describe('a command line that is not understood', () => {
  test.each([
    ['cursr', 'Did you mean cursor?'],
    ['cursor --dryrun', 'Did you mean --dry-run?'],
    ['cursor --all', 'do not go together'],
    ['--undo', 'Which client?'],
    ['cursor --env', '--env needs a value'],
    ['cursor --env =secret', '--env number 1'],
    ['cursor --undo --npx', '--undo takes no'],
  ])('%s', async (argv, message) => {
    const { code, out, err } = await setup(argv)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain(message)
    expect(err).not.toContain('secret')
  })

  test('gives machines the error as JSON', async () => {
    const { code, out } = await setup('nothing --json')
    expect(code).toBe(2)
    expect(JSON.parse(out).error).toMatchObject({ code: 'E1004' })
  })

  test('--help is the help', async () => {
    expect(await setup('--help')).toMatchObject({
      code: 0,
      out: expect.stringContaining('Usage: agent-memory setup [CLIENT …] [options]\n'),
      err: '',
    })
  })
})
