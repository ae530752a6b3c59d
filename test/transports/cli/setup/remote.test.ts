import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises'
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
import { runCli } from '../../../../src/transports/cli/main.ts'
import { CLIENTS, type ClientId } from '../../../../src/transports/cli/setup/clients/clients.ts'

const KEY = 'am_key-of-the-team'
const URL = 'https://memory.example.com'
const MCP = `${URL}/mcp`
const HEADERS = { Authorization: `Bearer ${KEY}` }

let home: string

beforeEach(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), 'setup-remote-')))
})
afterEach(() => rm(home, { recursive: true }))

async function setup(argv: string): Promise<{ code: number; out: string }> {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()]
  stdin.end()
  const code = await runCli(['setup', ...argv.split(' ')], {
    home,
    platform: 'linux',
    cwd: home,
    env: {},
    stdin,
    stdout,
    stderr,
    isTTY: false,
    columns: undefined,
    readConfig: (overrides) => readConfig({}, overrides),
    checkSettings: () => [],
    givenSettings: () => ({ AGENT_MEMORY_DATA_DIR: '/srv/memory' }),
    onInterrupt: () => () => {},
    openApp,
    openCheck,
    openFile,
    openMove,
    serveHooks: async () => 0,
    serveMcp: async () => 0,
    serveHttp: async () => 0,
    nodePath: '/usr/bin/node',
    mainPath: '/opt/agent-memory/dist/main.js',
  })
  stdout.end()
  stderr.end()
  return { code, out: (await readAll(stdout)) + (await readAll(stderr)) }
}

async function put(path: string, content: string): Promise<void> {
  await mkdir(dirname(join(home, path)), { recursive: true })
  await writeFile(join(home, path), content)
}

const read = (path: string) => readFile(join(home, path), 'utf8')

function parsed(path: string, text: string): unknown {
  if (path.endsWith('.toml')) return parseToml(text)
  return path.endsWith('.yaml') ? parseYaml(text) : parseJsonc(text)
}

const FORMS: Readonly<Partial<Record<ClientId, readonly [file: string, before: string, after: object]>>> = {
  'claude-code': [
    '.claude.json',
    '{\n  "numStartups": 7\n}',
    { numStartups: 7, mcpServers: { 'agent-memory': { type: 'http', url: MCP, headers: HEADERS } } },
  ],
  cursor: [
    '.cursor/mcp.json',
    '{"mcpServers":{"x":{"url":"https://x.test"}}}',
    { mcpServers: { x: { url: 'https://x.test' }, 'agent-memory': { url: MCP, headers: HEADERS } } },
  ],
  vscode: [
    '.config/Code/User/mcp.json',
    '{"servers":{},"inputs":[]}',
    { servers: { 'agent-memory': { type: 'http', url: MCP, headers: HEADERS } }, inputs: [] },
  ],
  codex: [
    '.codex/config.toml',
    '# mine\nmodel = "gpt-5"\n',
    { model: 'gpt-5', mcp_servers: { 'agent-memory': { url: MCP, http_headers: HEADERS } } },
  ],
  windsurf: [
    '.codeium/windsurf/mcp_config.json',
    '{}',
    { mcpServers: { 'agent-memory': { serverUrl: MCP, headers: HEADERS } } },
  ],
  'gemini-cli': [
    '.gemini/settings.json',
    '{ "theme": "dark" }\n',
    { theme: 'dark', mcpServers: { 'agent-memory': { httpUrl: MCP, headers: HEADERS } } },
  ],
  opencode: [
    '.config/opencode/opencode.jsonc',
    '{\n  // mine\n  "mcp": {}\n}\n',
    { mcp: { 'agent-memory': { type: 'remote', url: MCP, headers: HEADERS } } },
  ],
  'qwen-code': [
    '.qwen/settings.json',
    '{}\n',
    { mcpServers: { 'agent-memory': { httpUrl: MCP, headers: HEADERS } } },
  ],
  'copilot-cli': [
    '.copilot/mcp-config.json',
    '{}\n',
    { mcpServers: { 'agent-memory': { tools: ['*'], type: 'http', url: MCP, headers: HEADERS } } },
  ],
  cline: [
    '.cline/data/settings/cline_mcp_settings.json',
    '{}\n',
    {
      mcpServers: { 'agent-memory': { transport: { type: 'streamableHttp', url: MCP, headers: HEADERS } } },
    },
  ],
  continue: [
    '.continue/config.yaml',
    'name: Mine # kept\nversion: 1.0.0\nschema: v1\n',
    {
      name: 'Mine',
      version: '1.0.0',
      schema: 'v1',
      mcpServers: [
        { name: 'agent-memory', type: 'streamable-http', url: MCP, requestOptions: { headers: HEADERS } },
      ],
    },
  ],
  amp: [
    '.config/amp/settings.json',
    '{}\n',
    { 'amp.mcpServers': { 'agent-memory': { url: MCP, headers: HEADERS } } },
  ],
}

test('every client has its form here, but the one whose file takes no remote server', () => {
  expect([...Object.keys(FORMS), 'claude-desktop'].sort()).toEqual(CLIENTS.map(({ id }) => id).sort())
})

describe.each(Object.entries(FORMS))('%s', (client, [file, before, after]) => {
  test('gets the address and the key, which is not shown; a second run changes nothing; --undo takes it out', async () => {
    await put(file, before)
    const { code, out } = await setup(`${client} --url ${URL} --key ${KEY} --yes`)
    expect({ code, out }).toMatchObject({ code: 0 })
    expect(out).not.toContain(KEY)
    expect(parsed(file, await read(file))).toEqual(after)
    const written = await read(file)
    expect((await setup(`${client} --url ${URL} --key ${KEY} --yes`)).out).toContain('already registered')
    expect(await read(file)).toBe(written)
    expect((await setup('--json')).out).toContain('"state":"registered"'.replace(':', ': '))
    expect((await setup(`${client} --undo --yes`)).code).toBe(0)
    expect(await read(file)).not.toContain(MCP)
    expect(parsed(file, await read(file))).toMatchObject(parsed(file, before) as object)
  })

  test('gets another key in the place of the one before', async () => {
    await put(file, before)
    await setup(`${client} --url ${URL} --key ${KEY} --yes`)
    expect((await setup(`${client} --url ${URL} --key another-key --yes`)).code).toBe(0)
    const text = await read(file)
    expect(text).toContain('Bearer another-key')
    expect(text).not.toContain(KEY)
  })
})

test('without a key there are no headers: a server that takes tokens asks for one by itself', async () => {
  await put('.claude.json', '{}')
  await setup(`claude-code --url ${MCP} --yes`)
  expect(parseJsonc(await read('.claude.json'))).toEqual({
    mcpServers: { 'agent-memory': { type: 'http', url: MCP } },
  })
})

test('an entry that starts a program is not turned into another kind, nor the other way round', async () => {
  await put('.claude.json', '{}')
  await setup('claude-code --yes')
  const local = await read('.claude.json')
  const refused = await setup(`claude-code --url ${URL} --yes`)
  expect(refused.code).toBe(1)
  expect(refused.out).toContain('--undo')
  expect(await read('.claude.json')).toBe(local)
})

test.each([
  ['claude-desktop --url https://memory.example.com --force --yes', 1, 'Connectors'],
  [`claude-code --url http://memory.example.com --key ${KEY} --yes`, 2, 'https'],
  ['claude-code --url nonsense --yes', 2, '--url'],
  ['claude-code --url https://u:p@memory.example.com --yes', 2, '--key'],
  [`claude-code --key ${KEY} --yes`, 2, '--url'],
  [`claude-code --url ${URL} --npx --yes`, 2, '--npx'],
  [`claude-code --url ${URL} --key ${KEY} --project --yes`, 2, 'project'],
])('setup %s is refused', async (argv, code, said) => {
  const answer = await setup(argv)
  expect({ ...answer, code: answer.code }).toMatchObject({ code })
  expect(answer.out).toContain(said)
  expect(answer.out).not.toContain(KEY)
})
