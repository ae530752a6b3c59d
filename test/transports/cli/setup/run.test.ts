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
import { parse as parseYaml } from 'yaml'
import { openApp, openCheck, openFile, openMove } from '../../../../src/app.ts'
import { readConfig } from '../../../../src/config.ts'
import type { CliIo } from '../../../../src/transports/cli/io.ts'
import { runCli } from '../../../../src/transports/cli/main.ts'
import { CLIENTS, type ClientId } from '../../../../src/transports/cli/setup/clients/clients.ts'
import { locateUserFile } from '../../../../src/transports/cli/setup/clients/locate.ts'
import { placesOf } from '../../../../src/transports/cli/setup/clients/programs.ts'

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

/** Runs setup on a machine of its own; `answer` is what a person types, without it there is no terminal. */
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
    givenSettings: () => ({}),
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

test.each([
  [
    'codex',
    '.codex/config.toml',
    '[mcp_servers.agent-memory]\ncommand = "old"\nenabled = false\n',
    'enabled is false',
  ],
  [
    'cline',
    '.cline/data/settings/cline_mcp_settings.json',
    '{"mcpServers":{"agent-memory":{"disabled":true}}}',
    'disabled is true',
  ],
  [
    'opencode',
    '.config/opencode/opencode.jsonc',
    '{"mcp":{"agent-memory":{"type":"local","enabled":false}}}',
    'enabled is false',
  ],
])('%s: an entry that its user has switched off is said to be so', async (client, path, text, why) => {
  await put(path, text)
  const said = `${why} in its entry, so the client does not start it.`
  for (const words of [`${client} --yes`, client, '']) expect((await setup(words)).err).toContain(said)
  await put(
    path,
    text.replace(/true|false/, (word) => (word === 'true' ? 'false' : 'true')),
  )
  expect((await setup(`${client} --yes`)).err).not.toContain('in its entry')
})

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
  ['gemini-cli', '.gemini/settings.json', '{\n  "security": { "auth": { "selectedType": "x" } }\n}\n'],
  ['opencode', '.config/opencode/opencode.jsonc', '{\n  // mine\n  "mcp": {}\n}\n'],
  ['qwen-code', '.qwen/settings.json', '{}'],
  ['copilot-cli', '.copilot/mcp-config.json', '{\n  "mcpServers": {}\n}\n'],
  ['cline', '.cline/data/settings/cline_mcp_settings.json', '{\n  "mcpServers": {}\n}\n'],
  [
    'continue',
    '.continue/config.yaml',
    'name: Mine # my config\nversion: 1.0.0\nmcpServers:\n  - name: docs\n    command: docs\n\nmodels: []\n',
  ],
  ['amp', '.config/amp/settings.json', '{ "amp.notifications.enabled": true }'],
])('%s', (id, path, before) => {
  const KEYS: Partial<Record<ClientId, string>> = {
    vscode: 'servers',
    opencode: 'mcp',
    amp: 'amp.mcpServers',
  }

  /** The entry as the client reads it, with the parser of its format. */
  function entryIn(text: string): unknown {
    if (id === 'codex') return parseToml(text)['mcp_servers']
    if (id !== 'continue') return parseJsonc(text.replace(/^\uFEFF/, ''))[KEYS[id] ?? 'mcpServers']
    const { mcpServers } = parseYaml(text) as { mcpServers: { name: string }[] }
    return Object.fromEntries(mcpServers.map((server) => [server.name, server]))
  }

  function spelled(env?: Record<string, string>): object {
    const settings = env && { env }
    const [command, ...args] = [ENTRY.command, ...ENTRY.args]
    switch (id) {
      case 'vscode':
        return { type: 'stdio', ...ENTRY, ...settings }
      case 'continue':
        return { name: 'agent-memory', type: 'stdio', ...ENTRY, ...settings }
      case 'copilot-cli':
        return { tools: ['*'], type: 'local', ...ENTRY, ...settings }
      case 'cline':
        return { transport: { type: 'stdio', ...ENTRY, ...settings } }
      case 'opencode':
        return { type: 'local', command: [command, ...args], ...(env && { environment: env }) }
      default:
        return { ...ENTRY, ...settings }
    }
  }

  test('is registered, found registered, and taken out without a trace', async () => {
    await put(path, before)
    const first = await setup(`${id} --yes --env AGENT_MEMORY_DATA_DIR=/srv/memory`)
    expect(first).toMatchObject({ code: 0, err: '' })
    expect(first.out).toContain('agent-memory')
    const env = { AGENT_MEMORY_DATA_DIR: '/srv/memory' }
    expect(entryIn(await read(path))).toMatchObject({ 'agent-memory': spelled(env) })
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
    expect(entryIn(await read(path))).toEqual({ 'agent-memory': spelled() })
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
    ['gemini-cli', '.gemini/settings.json'],
    ['opencode', 'opencode.json'],
    ['qwen-code', '.qwen/settings.json'],
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

describe('settings of the shell', () => {
  const given = {
    AGENT_MEMORY_DATA_DIR: 'memory',
    AGENT_MEMORY_REDIS_KEY_PREFIX: 'team:',
    AGENT_MEMORY_REDIS_PASSWORD: 'hush-hush-hush',
    AGENT_MEMORY_AGENT_ID: 'ada',
    AGENT_MEMORY_PROJECT: 'one',
  }
  const io = { givenSettings: () => given }

  test("go into the entry's env, but for secrets and for the agent and project of the moment", async () => {
    await put('.gemini/settings.json', '{}')
    const { out, err } = await setup('gemini-cli --yes --env AGENT_MEMORY_LOG_LEVEL=warn', io)
    expect(parseJsonc(await read('.gemini/settings.json')).mcpServers['agent-memory'].env).toEqual({
      AGENT_MEMORY_DATA_DIR: join(home, 'memory'),
      AGENT_MEMORY_REDIS_KEY_PREFIX: 'team:',
      AGENT_MEMORY_LOG_LEVEL: 'warn',
    })
    expect(err).toContain('Not written, for they are secret: AGENT_MEMORY_REDIS_PASSWORD.')
    expect(out + err).not.toContain('hush')
    expect((await setup('gemini-cli --yes', io)).out).toContain('already registered')
    expect(await setup('gemini-cli --undo --yes', io)).toMatchObject({ code: 0, err: '' })
    expect(await read('.gemini/settings.json')).toBe('{}')
  })

  test("do not go into a project's file, which others read", async () => {
    await mkdir(join(home, '.git'))
    await setup('claude-code --project --yes', io)
    expect(await read('.mcp.json')).not.toContain('AGENT_MEMORY_')
  })

  test('that a client does not hand on are named where its entry lacks them', async () => {
    await put('.codex/config.toml', '')
    await put('.gemini/settings.json', '{}')
    await put(CURSOR, '{}')
    await setup('codex gemini-cli cursor --yes')
    const reports: { client: string; lacking?: string[] }[] = JSON.parse(
      (await setup('--json', io)).out,
    ).clients
    const lacking = reports.flatMap((report) => (report.lacking ? [[report.client, report.lacking]] : []))
    expect(Object.fromEntries(lacking)).toEqual({
      codex: Object.keys(given),
      'gemini-cli': ['AGENT_MEMORY_REDIS_KEY_PREFIX', 'AGENT_MEMORY_REDIS_PASSWORD'],
    })
    expect((await setup('', io)).err).toContain('gemini-cli: its server does not get AGENT_MEMORY_REDIS_KEY')
  })
})

describe('--allow', () => {
  test.each<[ClientId, string, string]>([
    ['gemini-cli', '.gemini/settings.json', '"trust": true'],
    ['qwen-code', '.qwen/settings.json', '"trust": true'],
    ['codex', '.codex/config.toml', 'default_tools_approval_mode = "approve"'],
  ])('%s says in the entry that the tools need no question', async (id, path, line) => {
    await put(path, '')
    const first = await setup(`${id} --yes`)
    expect(first.out).toContain(`agent-memory setup ${id} --allow lets it use the tools without asking.`)
    expect(await read(path)).not.toContain(line)
    expect((await setup(`${id} --yes --allow`)).out).not.toContain('--allow lets it')
    expect(await read(path)).toContain(line)
    expect((await setup(`${id} --yes`)).out).toContain('already registered')
    expect((await setup(`${id} --undo --yes`)).code).toBe(0)
    expect(await read(path)).toBe('')
  })

  test.each([
    undefined,
    '',
    '{}',
    '{\r\n\t"permissions": {\r\n\t\t"allow": ["Bash(ls)"], // mine\r\n\t\t"deny": []\r\n\t}\r\n}\r\n',
  ])('claude-code keeps it in its settings (%j)', async (before) => {
    await put('.claude.json', '{}')
    if (before !== undefined) await put('.claude/settings.json', before)
    expect(await setup('claude-code --allow --yes')).toMatchObject({ code: 0, err: '' })
    const { permissions } = parseJsonc(await read('.claude/settings.json'))
    expect(permissions.allow.at(-1)).toBe('mcp__agent-memory')
    expect(permissions.allow).toHaveLength(before?.includes('Bash') ? 2 : 1)
    const again = await setup('claude-code --allow --yes --json')
    expect(JSON.parse(again.out).clients).toMatchObject([{ action: 'none' }, { action: 'none' }])
    expect(await setup('claude-code --undo --yes')).toMatchObject({ code: 0, err: '' })
    if (before === undefined) await expect(read('.claude/settings.json')).rejects.toThrow('ENOENT')
    else expect(await read('.claude/settings.json')).toBe(before)
    expect(await read('.claude.json')).toBe('{}')
  })

  test('of others keeps their rules, and refuses a file that is broken', async () => {
    await put('.claude.json', '{}')
    const file = await put(
      '.claude/settings.json',
      '{"permissions": {"allow": ["a", "mcp__agent-memory", "b"]}}',
    )
    await setup('claude-code --allow --yes')
    expect(await setup('claude-code --undo --yes')).toMatchObject({ code: 0 })
    expect(parseJsonc(await readFile(file, 'utf8'))).toEqual({ permissions: { allow: ['a', 'b'] } })
    for (const broken of ['{"permissions": ', '[1]', `{"a":${'['.repeat(10_000)}`]) {
      await writeFile(file, broken)
      expect((await setup('claude-code --allow --yes')).code).toBe(1)
      expect(await readFile(file, 'utf8')).toBe(broken)
    }
  })

  test('is said to have nothing to write where that is so', async () => {
    await put(CURSOR, '{}')
    expect((await setup('cursor --allow --yes')).err).toContain('--allow has nothing to write for Cursor.')
  })
})

describe('an entry that comes before ours', () => {
  const other = { command: '/usr/bin/other', args: ['mcp'] }

  test("in Claude Code's notes about a project is named", async () => {
    await put(
      '.claude.json',
      JSON.stringify({ projects: { '/w/app': { mcpServers: { 'agent-memory': other } } } }),
    )
    const { code, err } = await setup('claude-code --yes')
    expect(code).toBe(0)
    expect(err).toContain('projects["/w/app"].mcpServers')
    expect(err).toContain('claude mcp remove agent-memory --scope local')
    expect((await setup('')).err).toContain('claude-code: another entry of that name comes first')
  })

  test.each<[ClientId, string, string]>([
    ['claude-code', '.claude.json', '.mcp.json'],
    ['cursor', CURSOR, '.cursor/mcp.json'],
    ['gemini-cli', '.gemini/settings.json', '.gemini/settings.json'],
  ])('%s: in the file of the project is named, unless it is the same', async (id, path, inProject) => {
    await put(path, '{}')
    await mkdir(join(home, 'work', '.git'), { recursive: true })
    const cwd = join(home, 'work')
    const entry = (start: object) => JSON.stringify({ mcpServers: { 'agent-memory': start } })
    await put(`work/${inProject}`, entry(other))
    expect((await setup(`${id} --yes`, { cwd })).err).toContain(join(cwd, inProject))
    await put(`work/${inProject}`, entry(ENTRY))
    expect((await setup(`${id} --yes`, { cwd })).err).toBe('')
  })
})

describe('a client that was never started', () => {
  test('is installed where its program is on the PATH', async () => {
    const bin = await put('bin/gemini', '')
    const env = { PATH: `/nowhere:${dirname(bin)}` }
    expect((await setup('--json', { env })).out).toMatch(/"client": ?"gemini-cli",[^}]*"state": ?"absent"/s)
    expect((await setup('gemini-cli --yes', { env })).code).toBe(0)
    expect(await read('.gemini/settings.json')).toContain('agent-memory')
    expect((await setup('qwen-code --yes', { env })).err).toContain('not on the PATH')
  })

  test('is looked for on Windows by the ends that programs have there', () => {
    const env = { PATH: 'C:\\one;D:\\two', PATHEXT: '.EXE;.CMD' }
    expect(placesOf('codex', { home, platform: 'win32', env })).toEqual([
      'C:\\one\\codex',
      'C:\\one\\codex.EXE',
      'C:\\one\\codex.CMD',
      'D:\\two\\codex',
      'D:\\two\\codex.EXE',
      'D:\\two\\codex.CMD',
    ])
  })

  test('gets a whole file where the client wants more in it than the server', async () => {
    await setup('continue --yes --force')
    expect(parseYaml(await read('.continue/config.yaml'))).toMatchObject({
      name: 'Local Config',
      schema: 'v1',
    })
  })
})

test.each(['env: { A: "1" }', 'env:\n      A: "1" # one', 'args: [x]\n    disabled: true'])(
  'an entry of the user in YAML keeps what else it says (%s)',
  async (said) => {
    const before = `name: n\nmcpServers:\n  - command: "/old"\n    name: agent-memory\n    ${said}\nmodels: [] # none\n`
    await put('.continue/config.yaml', before)
    const { code, err } = await setup('continue --yes --env AGENT_MEMORY_LOG_LEVEL=warn')
    if (said.startsWith('env: {')) return expect([code, err]).toEqual([1, expect.stringContaining('by hand')])
    const { mcpServers, models } = parseYaml(await read('.continue/config.yaml'))
    expect([code, models]).toEqual([0, []])
    expect(mcpServers).toMatchObject([{ ...ENTRY, env: { AGENT_MEMORY_LOG_LEVEL: 'warn' } }])
    expect(await read('.continue/config.yaml')).toContain(said.includes('# one') ? '# one' : 'disabled: true')
    return undefined
  },
)

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
      'gemini-cli': 'not-installed',
      opencode: 'not-installed',
      'qwen-code': 'not-installed',
      'copilot-cli': 'not-installed',
      cline: 'not-installed',
      continue: 'not-installed',
      amp: 'not-installed',
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
