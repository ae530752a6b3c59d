import { spawn } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { parse } from 'jsonc-parser'
import { describe, expect, test } from 'vitest'
import { type Cli, withCli } from '../../support/cli.ts'
import { payloadOf, placed, recordedPayloads } from '../../support/hook-payloads.ts'
import { endOf } from '../../support/run-program.ts'
import { testProgram } from '../../support/test-programs.ts'

// The home of the test's user is the data folder.

type Hooks = Record<
  string,
  { matcher?: string; hooks: { type: string; command: string; timeout?: number; input?: object }[] }[]
>

const FILES = {
  'claude-code': '.claude/settings.json',
  codex: '.codex/hooks.json',
  'gemini-cli': '.gemini/settings.json',
  'qwen-code': '.qwen/settings.json',
} as const

function place(cli: Cli, name: string, text?: string): string {
  const file = join(cli.dataDir, name)
  mkdirSync(dirname(file), { recursive: true })
  if (text !== undefined) writeFileSync(file, text)
  return file
}

function hooksIn(file: string): Hooks {
  return (JSON.parse(readFileSync(file, 'utf8')) as { hooks: Hooks }).hooks
}

async function change(cli: Cli, verb: string, client: string, ...more: string[]): Promise<void> {
  const { code, stderr } = await cli(['hook', verb, '--client', client, ...more])
  expect([code, stderr]).toEqual([0, ''])
}

/** For hooks that are run: what users have starts in a fourth of the time of the sources. */
async function installBuilt(cli: Cli, client: string, ...more: string[]): Promise<void> {
  const options = { mainPath: testProgram('main.ts') }
  const { code, stderr } = await cli(['hook', 'install', '--client', client, ...more], options)
  expect([code, stderr]).toEqual([0, ''])
}

test.each(Object.entries(FILES))('%s: a file is made, and gone again', async (client, name) => {
  await withCli(async (cli) => {
    const file = place(cli, name)
    await change(cli, 'install', client)
    const hooks = hooksIn(file)
    const commands = Object.values(hooks).flatMap((groups) => groups.flatMap((group) => group.hooks))
    expect(new Set(commands.map(({ type }) => type))).toEqual(new Set(['command']))
    for (const { command } of commands)
      expect(command).toMatch(new RegExp(`main\\.ts hook run --client ${client}$`))
    expect(lstatSync(file).mode & 0o777).toBe(0o600)
    await change(cli, 'uninstall', client)
    expect(existsSync(file)).toBe(false)
  })
})

test('no event is named that the oldest version of Claude Code does not know: it would switch all hooks off', async () => {
  await withCli(async (cli) => {
    const file = place(cli, FILES['claude-code'])
    await change(cli, 'install', 'claude-code')
    const known = [
      'PreToolUse',
      'PostToolUse',
      'UserPromptSubmit',
      'SessionStart',
      'SessionEnd',
      'Stop',
      'SubagentStop',
    ]
    for (const event of Object.keys(hooksIn(file))) expect(known).toContain(event)
    expect(hooksIn(file)['SessionEnd']?.[0]?.hooks[0]?.timeout).toBe(10)
  })
})

test.each([
  [
    'comments and a trailing comma',
    '{\n  // mine\n  "model": "opus", // keep\n  "hooks": {\n    "Stop": [ { "hooks": [] } ] /* x */\n  }, /* end */\n}\n',
  ],
  [
    'another hook of the same event',
    '{"hooks":{"PreToolUse":[{"matcher":"Bash","hooks":[{"type":"command","command":"echo hi"}]}]},"a":[1,2]}',
  ],
  [
    'tabs and CRLF',
    '{\r\n\t"a": 1,\r\n\t"hooks": {\r\n\t\t"Stop": [\r\n\t\t\t{ "hooks": [{ "type": "command", "command": "x" }] }\r\n\t\t]\r\n\t}\r\n}',
  ],
  ['empty lists', '{ "hooks": { "PreToolUse": [], "Stop": [] } }'],
  ['an empty object', '{}'],
  ['an empty object on a line', '{}\n'],
  ['nothing', ''],
  ['a byte order mark', '\uFEFF{\n  "a": true\n}\n'],
])('%s: everything else stays, and uninstall leads back to the very bytes', async (_what, text) => {
  await withCli(async (cli) => {
    const file = place(cli, FILES['claude-code'], text)
    await change(cli, 'install', 'claude-code')
    const once = readFileSync(file, 'utf8')
    for (const line of text.split(/\r?\n/)) {
      const comment = /\/[/*][^\r\n]*/.exec(line)?.[0]
      if (comment) expect(once).toContain(comment)
    }
    await change(cli, 'install', 'claude-code')
    expect(readFileSync(file, 'utf8')).toBe(once)
    await change(cli, 'uninstall', 'claude-code')
    expect(readFileSync(file, 'utf8')).toBe(text)
    expect(existsSync(`${file}.agent-memory-hooks.bak`)).toBe(false)
  })
})

test('what the user changes between stays, also a hook in a group of ours', async () => {
  await withCli(async (cli) => {
    const file = place(cli, FILES['claude-code'], '{\n  "model": "a"\n}\n')
    await change(cli, 'install', 'claude-code')
    const text = readFileSync(file, 'utf8')
    const own = hooksIn(file)['Stop']?.[0]?.hooks[0]
    const settings = JSON.parse(text) as { model: string; hooks: Hooks }
    settings.model = 'b'
    settings.hooks['Stop']?.[0]?.hooks.push({ type: 'command', command: 'echo mine' })
    writeFileSync(file, JSON.stringify(settings, null, 4))
    expect(own).toBeDefined()
    await change(cli, 'uninstall', 'claude-code')
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
      model: 'b',
      hooks: { Stop: [{ hooks: [{ type: 'command', command: 'echo mine' }] }] },
    })
  })
})

test('a symbolic link stays one, its mode too', async () => {
  await withCli(async (cli) => {
    const real = place(cli, 'dotfiles/claude.json', '{"a": 1}\n')
    chmodSync(real, 0o640)
    const file = place(cli, FILES['claude-code'])
    symlinkSync(real, file)
    await change(cli, 'install', 'claude-code')
    expect(lstatSync(file).isSymbolicLink()).toBe(true)
    expect(Object.keys(hooksIn(real))).toContain('PreToolUse')
    expect(lstatSync(real).mode & 0o777).toBe(0o640)
    await change(cli, 'uninstall', 'claude-code')
    expect(readFileSync(real, 'utf8')).toBe('{"a": 1}\n')
  })
})

test('many installs at once, with setup on the same file, lose nothing', async () => {
  await withCli(async (cli) => {
    const file = place(cli, FILES['gemini-cli'], '{ "a": 1 }\n')
    await Promise.all(Array.from({ length: 4 }, () => change(cli, 'install', 'gemini-cli')))
    const settings = JSON.parse(readFileSync(file, 'utf8')) as { a: number; hooks: Hooks }
    expect(settings.a).toBe(1)
    expect(settings.hooks['BeforeTool']).toHaveLength(1)
  })
})

test('options and environment become the hooks’ own, quoted for a shell', async () => {
  await withCli(async (cli) => {
    const file = place(cli, FILES['claude-code'])
    await change(
      cli,
      'install',
      'claude-code',
      '--fail-closed',
      '--data-dir',
      "it's here",
      '--env',
      'AGENT_MEMORY_DB_TYPE=postgresql',
    )
    const command = hooksIn(file)['Stop']?.[0]?.hooks[0]?.command
    expect(command).toMatch(/^env AGENT_MEMORY_DB_TYPE=postgresql /)
    expect(command).toContain(
      `--client claude-code --fail-closed --data-dir '${join(cli.project, "it'\\''s here")}'`,
    )
    await change(cli, 'install', 'claude-code')
    expect(hooksIn(file)['Stop']).toHaveLength(1)
    expect(hooksIn(file)['Stop']?.[0]?.hooks[0]?.command).not.toContain('fail-closed')
  })
})

test.each(['claude-code', 'cline', 'opencode'])(
  '%s: the change is shown without what is secret in it',
  async (client) => {
    await withCli(async (cli) => {
      place(cli, FILES['claude-code'], '{\n}\n')
      const secrets = [
        'AGENT_MEMORY_REDIS_PASSWORD=plain-secret1',
        "AGENT_MEMORY_PG_PASSWORD=quoted secret2 it's",
        'AGENT_MEMORY_PG_URL=postgres://u:secret3@h/d',
      ]
      const env = secrets.flatMap((each) => ['--env', each])
      const { code, stdout } = await cli(['hook', 'install', '--client', client, ...env])
      expect(code).toBe(0)
      expect(stdout).toContain('AGENT_MEMORY_REDIS_PASSWORD=***')
      expect(stdout).not.toMatch(/secret\d/)
    })
  },
)

test('a file in which all hooks are switched off: it is said that none will run', async () => {
  await withCli(async (cli) => {
    place(cli, FILES['claude-code'], '{\n  "disableAllHooks": true\n}\n')
    const said = 'disableAllHooks is true in it: none of its hooks runs'
    for (const words of [['install'], ['install'], ['status']])
      expect((await cli(['hook', ...words, '--client', 'claude-code'])).stdout).toContain(said)
    place(cli, FILES['claude-code'], '{\n  "disableAllHooks": false\n}\n')
    expect((await cli(['hook', 'install', '--client', 'claude-code'])).stdout).toContain('/hooks lists them.')
  })
})

test('a file that cannot be changed: the message says to run this command again, not another one', async () => {
  await withCli(async (cli) => {
    place(cli, FILES['claude-code'], '[]')
    const { code, stderr } = await cli(['hook', 'install', '--client', 'claude-code'])
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining('Mend the file there and run the command again.'),
    ])
  })
})

describe('Claude Code calls a tool of our server where it can', () => {
  /** What `claude --version` says, as it was seen; and the entry of our server. */
  async function withClaude<T>(
    version: string,
    entry: object | undefined,
    body: (install: (...more: string[]) => Promise<Hooks>, cli: Cli, file: string) => Promise<T>,
  ): Promise<T> {
    return withCli(async (cli) => {
      const bin = place(cli, 'bin/claude', `#!/bin/sh\necho '${version} (Claude Code)'\n`)
      chmodSync(bin, 0o755)
      if (entry) place(cli, '.claude.json', JSON.stringify({ mcpServers: { 'agent-memory': entry } }))
      const file = place(cli, FILES['claude-code'], '{\n  // mine\n  "model": "opus"\n}\n')
      const env = { PATH: `${dirname(bin)}:/bin` }
      const install = async (...more: string[]) => {
        const { code, stderr } = await cli(['hook', 'install', '--client', 'claude-code', ...more], { env })
        expect([code, stderr]).toEqual([0, ''])
        return (parse(readFileSync(file, 'utf8')) as { hooks: Hooks }).hooks
      }
      return body(install, cli, file)
    })
  }
  const typesOf = (hooks: Hooks) =>
    Object.fromEntries(Object.entries(hooks).map(([event, [group]]) => [event, group?.hooks[0]?.type]))
  const ENTRY = {
    type: 'stdio',
    command: 'node',
    args: ['main.js', 'mcp'],
    env: { AGENT_MEMORY_DATA_DIR: '/m' },
  }

  test('from the first version that can, for events at which the server runs; taken out byte for byte', async () => {
    await withClaude('2.1.150', ENTRY, async (install, cli, file) => {
      const hooks = await install('--data-dir', '/m')
      expect(typesOf(hooks)).toEqual({
        PreToolUse: 'mcp_tool',
        SessionStart: 'command',
        UserPromptSubmit: 'mcp_tool',
        Stop: 'mcp_tool',
        SubagentStop: 'mcp_tool',
        SessionEnd: 'command',
      })
      expect(hooks['Stop']?.[0]?.hooks[0]).toMatchObject({
        server: 'agent-memory',
        tool: 'memory_hook',
        // As Claude Code names the parts of its payload.
        input: { session_id: `\${session_id}`, tool_input: `\${tool_input}` },
      })
      const { stdout } = await cli(['--data-dir', '/m', 'hook', 'status', '--client', 'claude-code'])
      expect(stdout).toContain('installed')
      await change(cli, 'uninstall', 'claude-code')
      expect(readFileSync(file, 'utf8')).toBe('{\n  // mine\n  "model": "opus"\n}\n')
    })
  })

  test.each([
    ['an older version, which would drop every hook', '2.0.50', ENTRY, ['--data-dir', '/m']],
    ['another memory than the server has', '2.1.328', ENTRY, []],
    ['no server of ours', '2.1.328', undefined, []],
    ['a server far away', '2.1.328', { type: 'http', url: 'http://x/mcp' }, []],
    [
      'to block what fails, in a version that cannot',
      '2.1.150',
      ENTRY,
      ['--data-dir', '/m', '--fail-closed'],
    ],
    ['when it is told so', '2.1.328', ENTRY, ['--data-dir', '/m', '--by', 'command']],
  ])('it starts a program for %s', async (_why, version, entry, more) => {
    await withClaude(version, entry, async (install) => {
      expect(new Set(Object.values(typesOf(await install(...more))))).toEqual(new Set(['command']))
    })
  })

  test('--fail-closed blocks where the tool fails', async () => {
    await withClaude('2.1.328', ENTRY, async (install) => {
      const hooks = await install('--data-dir', '/m', '--fail-closed')
      expect(hooks['PreToolUse']?.[0]?.hooks[0]).toMatchObject({
        type: 'mcp_tool',
        onFailure: 'block',
        input: { fail_closed: true },
      })
    })
  })
})

test('--project is the project’s own file; status tells how it stands', async () => {
  await withCli(async (cli) => {
    await change(cli, 'install', 'claude-code', '--project')
    const file = join(cli.project, '.claude/settings.local.json')
    expect(Object.keys(hooksIn(file))).toContain('PreToolUse')
    const status = async (...more: string[]) => {
      const { stdout } = await cli(['hook', 'status', '--json', ...more])
      const { clients } = JSON.parse(stdout) as { clients: { client: string; file: string; state: string }[] }
      return clients.find(({ client }) => client === 'claude-code')
    }
    expect(await status('--project')).toMatchObject({ file, state: 'installed' })
    expect(await status()).toMatchObject({ state: 'absent' })
    expect(await status('--project', '--data-dir', '/other')).toMatchObject({ state: 'outdated' })
  })
})

const COPILOT = '.copilot/settings.json'

test('Copilot CLI: flat lists, each command with its event, kept and taken out byte for byte', async () => {
  await withCli(async (cli) => {
    const text =
      '{\n  // mine\n  "hooks": {"preToolUse": [{"type": "command", "bash": "echo"}]},\n  "theme": "x",\n}\n'
    const file = place(cli, COPILOT, text)
    await change(cli, 'install', 'copilot-cli')
    const { hooks } = parse(readFileSync(file, 'utf8')) as { hooks: Record<string, { bash: string }[]> }
    expect(hooks['preToolUse']).toHaveLength(2)
    for (const event of ['sessionStart', 'userPromptSubmitted', 'preToolUse', 'agentStop', 'sessionEnd'])
      expect(hooks[event]?.at(-1)).toEqual({
        type: 'command',
        bash: expect.stringMatching(new RegExp(` hook run --client copilot-cli ${event}$`)),
      })
    expect((await cli(['hook', 'status', '--client', 'copilot-cli'])).stdout).toContain('installed')
    await change(cli, 'uninstall', 'copilot-cli')
    expect(readFileSync(file, 'utf8')).toBe(text)
  })
})

/** The installed program on this payload: a process of its own, as the client starts it. */
async function runInstalled(cli: Cli, line: string, payload: unknown): Promise<string> {
  const child = spawn('sh', ['-c', line], { cwd: cli.project, env: { ...env(), HOME: cli.dataDir } })
  child.stdin.end(JSON.stringify(payload))
  const { code, stdout } = await endOf(child)
  expect(code).toBe(0)
  return stdout
}

const env = () => ({ PATH: process.env['PATH'], AGENT_MEMORY_HOOK_RESIDENT: 'off' })

test('Cline CLI: an executable for each event, which refuses a write; those of others are left alone', async () => {
  await withCli(async (cli) => {
    const folder = join(cli.dataDir, '.cline/hooks')
    await installBuilt(cli, 'cline', '--data-dir', cli.dataDir)
    expect(readdirSync(folder).toSorted()).toEqual(['PostToolUse', 'PreToolUse', 'TaskComplete'])
    const program = join(folder, 'PreToolUse')
    expect(lstatSync(program).mode & 0o777).toBe(0o755)
    const write = (session: string) =>
      runInstalled(
        cli,
        program,
        payloadOf('cline-3.0.65', 'PreToolUse', 'editor', { project: cli.project, session }),
      )
    expect(await write('one')).toBe('')
    expect(JSON.parse(await write('two'))).toMatchObject({ cancel: true })
    await change(cli, 'uninstall', 'cline')
    expect(readdirSync(folder)).toEqual([])

    const mine = place(cli, '.cline/hooks/PostToolUse', '#!/bin/sh\necho mine\n')
    const { code, stderr } = await cli(['hook', 'install', '--client', 'cline'])
    expect([code, stderr]).toEqual([1, expect.stringContaining('is a hook that is not ours')])
    expect(readdirSync(folder)).toEqual(['PostToolUse'])
    await change(cli, 'uninstall', 'cline')
    expect(readFileSync(mine, 'utf8')).toBe('#!/bin/sh\necho mine\n')
  })
})

function hasParent(payload: object): payload is { readonly info: object } {
  return (
    'info' in payload &&
    typeof payload.info === 'object' &&
    payload.info !== null &&
    'parentID' in payload.info
  )
}

interface Plugin {
  'tool.execute.before': (i: object, o: { args: object }) => Promise<void>
  'tool.execute.after': (i: object) => Promise<void>
  event: (given: { event: object }) => Promise<void>
  'experimental.chat.system.transform': (i: object, o: { system: string[] }) => Promise<void>
}

test('opencode: a plugin that refuses a write by an error, frees at the end of a turn, and brings the context', async () => {
  await withCli(async (cli) => {
    const file = join(cli.dataDir, '.config/opencode/plugin/agent-memory.js')
    const settings = ['--data-dir', cli.dataDir, '--env', 'AGENT_MEMORY_HOOK_RESIDENT=off']
    await installBuilt(cli, 'opencode', ...settings)
    await cli(['guideline', 'add', '--name', 'Cents', '--content', 'Money is integer cents.'])
    const loaded = (await import(file)) as { AgentMemory: (given: object) => Promise<Plugin> }
    const recorded = (event: string, session: string) => {
      const found = recordedPayloads('opencode-1.18.33').find((each) => each.event === event)
      return placed(found?.payload ?? {}, { project: cli.project, session })
    }
    const plugin = await loaded.AgentMemory(recorded('init', ''))
    const write = async (session: string) => {
      const { i, o } = recorded('tool.execute.before', session) as { i: object; o: { args: object } }
      await plugin['tool.execute.before'](i, o)
    }
    await write('one')
    await expect(write('two')).rejects.toThrow('is being edited by the agent "opencode-')
    await plugin.event({ event: { type: 'session.idle', properties: recorded('event-session.idle', 'one') } })
    // It was refused: what has become of the file meanwhile is to be looked at.
    await write('two')
    // A sub-agent of two, told by its event, gets what two holds, and gives it back at its end.
    const created = recordedPayloads('opencode-1.18.33').filter(
      ({ event }) => event === 'event-session.created',
    )
    const [info] = created.flatMap(({ payload }) => (hasParent(payload) ? payload.info : []))
    const properties = { sessionID: 'sub', info: { ...info, id: 'sub', parentID: 'two' } }
    await plugin.event({ event: { type: 'session.created', properties } })
    await write('sub')
    await expect(write('two')).rejects.toThrow('is being edited by the agent "opencode-')
    await expect(write('one')).rejects.toThrow('is being edited by the agent "opencode-')
    await plugin.event({ event: { type: 'session.idle', properties: recorded('event-session.idle', 'sub') } })
    await write('two')
    writeFileSync(join(cli.project, 'a.txt'), 'of two')
    await plugin['tool.execute.after']((recorded('tool.execute.after', 'two') as { i: object }).i)
    await write('two')
    await plugin.event({ event: { type: 'session.idle', properties: recorded('event-session.idle', 'two') } })
    const system = ['You are an agent.']
    const { i } = recorded('system.transform', 'two') as { i: object }
    await plugin['experimental.chat.system.transform'](i, { system })
    expect(system.join('\n')).toContain('Money is integer cents.')
    await change(cli, 'uninstall', 'opencode')
    expect(existsSync(file)).toBe(false)
  })
})

test.each([
  ['broken', '{ "a": ', 'is not JSON'],
  ['hooks that are no object', '{ "hooks": [] }', 'an object is expected'],
  ['an event that is no list', '{ "hooks": { "Stop": {} } }', 'an array is expected'],
])('%s: refused, and nothing changed', async (_what, text, message) => {
  await withCli(async (cli) => {
    const file = place(cli, FILES['claude-code'], text)
    const { code, stderr } = await cli(['hook', 'install', '--client', 'claude-code'])
    expect([code, stderr]).toEqual([1, expect.stringContaining(message)])
    expect(readFileSync(file, 'utf8')).toBe(text)
  })
})
