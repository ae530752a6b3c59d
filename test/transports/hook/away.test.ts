import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, utimesSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { payloadOf } from '../../support/hook-payloads.ts'
import { withFolder } from '../../support/mcp.ts'
import { compileCache, testProgram } from '../../support/test-programs.ts'

// Hooks as a client starts them, each a process of its own.

interface Start {
  readonly client?: string
  readonly payload: object | Buffer
  readonly words?: readonly string[]
  readonly env?: Record<string, string>
}

function start(
  dataDir: string,
  { client = 'claude-code', payload, words = [], env = {} }: Start,
): ChildProcess {
  const program = ['--no-warnings', testProgram('hook-launcher.ts')]
  const child = spawn(process.execPath, [...program, 'hook', 'run', '--client', client, ...words], {
    cwd: join(dataDir, 'project'),
    env: {
      PATH: process.env['PATH'],
      HOME: dataDir,
      AGENT_MEMORY_DATA_DIR: dataDir,
      AGENT_MEMORY_HOOK_RESIDENT: 'off',
      NODE_COMPILE_CACHE: compileCache(),
      ...env,
    },
  })
  child.stdin?.on('error', () => {})
  child.stdin?.end(Buffer.isBuffer(payload) ? payload : JSON.stringify(payload))
  return child
}

async function run(
  dataDir: string,
  given: Start,
): Promise<{ code: unknown; stdout: string; stderr: string }> {
  const child = start(dataDir, given)
  const [stdout, stderr, [code]] = await Promise.all([
    child.stdout ? text(child.stdout) : '',
    child.stderr ? text(child.stderr) : '',
    once(child, 'exit'),
  ])
  return { code, stdout, stderr }
}

const claude = (dataDir: string, event: string, variant: string, session: string) =>
  payloadOf('claude-code-2.1.328', event, variant, { project: join(dataDir, 'project'), session })

const SILENT = { code: 0, stdout: '', stderr: '' }

test('a database that never answers: said once, then hooks do not wait for it; edits are blocked only with fail_closed', () =>
  withFolder(async (dataDir) => {
    const sockets = new Set<Socket>()
    const mute = createServer((socket) => sockets.add(socket.on('error', () => {})))
    mute.listen(0, '127.0.0.1')
    await once(mute, 'listening')
    const address = mute.address()
    const env = {
      AGENT_MEMORY_DB_TYPE: 'postgresql',
      AGENT_MEMORY_PG_HOST: '127.0.0.1',
      AGENT_MEMORY_PG_PORT: String(typeof address === 'object' && address?.port),
      AGENT_MEMORY_PG_PASSWORD: 'none',
      TEST_HOOK_PATIENCE_MS: '500',
    }
    try {
      const write = claude(dataDir, 'PreToolUse', 'Write', 'one')
      expect(await run(dataDir, { payload: write, env })).toEqual({
        ...SILENT,
        stderr: expect.stringContaining('the memory did not answer'),
      })
      // However long this machine takes.
      const later = new Date(Date.now() + 50_000)
      utimesSync(join(dataDir, 'hooks/away'), later, later)
      expect(await run(dataDir, { payload: write, env })).toEqual(SILENT)
      const words = ['--fail-closed']
      expect(await run(dataDir, { payload: write, words, env })).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('fail_closed'),
      })
      // Neither a tool that writes nothing, nor the end of a turn, which it would make go on.
      for (const payload of [
        claude(dataDir, 'PreToolUse', 'Bash', 'one'),
        claude(dataDir, 'Stop', '', 'one'),
      ])
        expect(await run(dataDir, { payload, words, env })).toEqual(SILENT)
      const copilot = payloadOf('copilot-1.0.102', 'preToolUse', 'create', {
        project: join(dataDir, 'project'),
      })
      const denied = await run(dataDir, {
        client: 'copilot-cli',
        payload: copilot,
        words: ['--fail-closed', 'preToolUse'],
        env,
      })
      expect(denied.code).toBe(0)
      expect(JSON.parse(denied.stdout)).toMatchObject({ permissionDecision: 'deny' })
    } finally {
      for (const socket of sockets) socket.destroy()
      mute.close()
    }
  }))

test('what a killed hook had locked is free after its time', () =>
  withFolder(async (dataDir) => {
    const env = { AGENT_MEMORY_REDIS_LOCK_TTL_MS: '2000' }
    // At any moment of their work.
    const killed = ['a', 'b'].map((session) =>
      start(dataDir, { payload: claude(dataDir, 'PreToolUse', 'Write', session), env }),
    )
    await Promise.race(killed.map((child) => once(child, 'exit')))
    const ends = killed.map((child) => child.exitCode ?? once(child, 'exit'))
    for (const child of killed) child.kill('SIGKILL')
    await Promise.all(ends)
    const write = claude(dataDir, 'PreToolUse', 'Write', 'other')
    const long = { AGENT_MEMORY_REDIS_LOCK_TTL_MS: '600000' }
    await expect.poll(async () => (await run(dataDir, { payload: write, env: long })).code).toBe(0)
    for (const session of ['a', 'b']) {
      const payload = claude(dataDir, 'PreToolUse', 'Write', session)
      expect(await run(dataDir, { payload, env })).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('is being edited by the agent "claude-code-'),
      })
    }
  }))

test.each([
  ['UTF-8 with a byte order mark', (text: string) => Buffer.from(`\uFEFF${text}`)],
  ['UTF-16', (text: string) => Buffer.from(text, 'utf16le')],
  ['UTF-16 with a mark', (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le')],
  ['UTF-16, big end first', (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()],
])('a payload in %s, as Windows’ shells pipe it, is read: a held file stays so', (_what, encode) =>
  withFolder(async (dataDir) => {
    mkdirSync(join(dataDir, 'project', '.git'), { recursive: true })
    const write = (session: string) => claude(dataDir, 'PreToolUse', 'Write', session)
    expect(await run(dataDir, { payload: write('one') })).toEqual(SILENT)
    const payload = encode(JSON.stringify(write('two')))
    expect(await run(dataDir, { payload })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is being edited'),
    })
  }),
)
