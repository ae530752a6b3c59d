import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { type Cli, withCli } from '../../support/cli.ts'

// The home of the test's user is the data folder.

type Hooks = Record<
  string,
  { matcher?: string; hooks: { type: string; command: string; timeout?: number }[] }[]
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
