import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, realpathSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { sessionAgentId, subAgentId } from '../../../src/domain/hooks/agent.ts'
import { HOOK_TOOL_INPUT } from '../../../src/domain/hooks/by-tool.ts'
import { digest } from '../../../src/services/hooks/session-memory.ts'
import { socketsAt } from '../../../src/transports/hook/address.ts'
import { askOneOf, type HookQuestion } from '../../../src/transports/hook/ask.ts'
import { databaseEnv } from '../../support/database.ts'
import { payloadOf } from '../../support/hook-payloads.ts'
import { ask, call, placeIn, writeQuestion } from '../../support/hook-questions.ts'
import { openClient, withFolder } from '../../support/mcp.ts'
import { programArgs } from '../../support/program.ts'
import { redisEnv } from '../../support/redis-env.ts'
import { endOf } from '../../support/run-program.ts'
import { testProgram } from '../../support/test-programs.ts'

// Hooks that ask a server which runs already: the client's own, or one that a hook has started.

type Json = Record<string, unknown>

const CHECKOUT = { action: 'checkout', file_path: 'a.txt' }

test('the hook and the server of one session are one agent, by the session that the client names to both', async () => {
  await withFolder(async (dataDir) => {
    const env = { CLAUDE_CODE_SESSION_ID: 'session-one' }
    const client = await openClient(dataDir, { name: 'claude-code', env })
    try {
      const lock = await call(client, 'memory_file_lock', CHECKOUT)
      expect(lock['agent_id']).toBe(sessionAgentId('claude-code', 'session-one', digest))
      const place = placeIn(dataDir)
      expect(await ask(place, writeQuestion(dataDir, 'session-one'))).toEqual({
        code: 0,
        stdout: '',
        stderr: '',
      })
      expect(await ask(place, writeQuestion(dataDir, 'session-two'))).toMatchObject({ code: 2 })
    } finally {
      await client.close()
    }
  })
})

test('… and by the process that started both, where their sessions differ (after /clear, --continue)', async () => {
  await withFolder(async (dataDir) => {
    const client = await openClient(dataDir, { name: 'claude-code' })
    try {
      await call(client, 'memory_file_lock', CHECKOUT)
      const place = placeIn(dataDir)
      expect(await ask(place, writeQuestion(dataDir, 'other'))).toMatchObject({ code: 2 })
      const own = { client_pid: process.pid }
      expect(await ask(place, writeQuestion(dataDir, 'own', own))).toEqual({
        code: 0,
        stdout: '',
        stderr: '',
      })
    } finally {
      await client.close()
    }
  })
})

test('a variable that another client has left behind makes no agent of that session', async () => {
  await withFolder(async (dataDir) => {
    const env = { CLAUDE_CODE_SESSION_ID: 'session-one' }
    const client = await openClient(dataDir, { name: 'gemini-cli-mcp-client', env })
    try {
      const { agent_id } = await call(client, 'memory_file_lock', CHECKOUT)
      expect(agent_id).toMatch(/^gemini-cli-mcp-client-[0-9a-f]{8}$/)
    } finally {
      await client.close()
    }
  })
})

/** A recorded payload as Claude Code hands it to a tool that it calls as a hook: every value as text. */
function asToolInput(payload: Json): Json {
  const names = Object.keys(HOOK_TOOL_INPUT)
  const textOf = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value ?? ''))
  return Object.fromEntries(
    names.map((name) => [name, payload[name] === undefined ? '' : textOf(payload[name])]),
  )
}

test('a client that calls our tool as its hook gets the JSON of a hook, from a tool that no list has', async () => {
  await withFolder(async (dataDir) => {
    const project = join(dataDir, 'project')
    const env = { CLAUDE_CODE_SESSION_ID: 'session-one', CLAUDE_PROJECT_DIR: project }
    const client = await openClient(dataDir, { name: 'claude-code', env })
    const other = await openClient(dataDir)
    const payload = (event: string, variant: string, session = 'session-one') =>
      payloadOf('claude-code-2.1.328', event, variant, { project, session })
    const hook = async (given: Json, more: Json = {}) => {
      const args = { ...asToolInput(given), ...more }
      const { content, structuredContent, isError } = await client.callTool({
        name: 'memory_hook',
        arguments: args,
      })
      expect([content.length, structuredContent, isError ?? false]).toEqual([1, undefined, false])
      return JSON.parse((content as { text: string }[])[0]?.text ?? '') as Json
    }
    try {
      const { tools } = await client.listTools()
      expect(tools.map(({ name }) => name)).not.toContain('memory_hook')
      await call(other, 'memory_file_lock', { ...CHECKOUT, agent_id: 'ada', purpose: 'new rates' })
      expect(await hook(payload('PreToolUse', 'Write'))).toEqual({
        hookSpecificOutput: {
          hookEventName: 'PreToolUse',
          permissionDecision: 'deny',
          permissionDecisionReason: expect.stringMatching(
            /a\.txt is being edited by the agent "ada" .*"new rates"/,
          ),
        },
      })
      await call(other, 'memory_file_lock', { action: 'checkin', file_path: 'a.txt', agent_id: 'ada' })
      expect(await hook(payload('PreToolUse', 'Write'))).toEqual({})
      const main = sessionAgentId('claude-code', 'session-one', digest)
      expect(await call(client, 'memory_file_lock', CHECKOUT)).toMatchObject({ agent_id: main })
      // Sub-agents of the session are agents of their own.
      expect(await hook(payload('PreToolUse', 'Write sub-agent'))).toEqual({})
      const { locks } = await call(other, 'memory_file_lock', { action: 'list' })
      expect((locks as { agent_id: string }[]).map(({ agent_id }) => agent_id).toSorted()).toEqual([
        main,
        subAgentId(main, 'a1', digest),
      ])
      expect(await hook(payload('Stop', ''))).toEqual({})
      const held = await call(other, 'memory_file_lock', { action: 'status', file_path: 'a.txt' })
      expect(held['locked']).toBe(false)
      expect(await hook(payload('UserPromptSubmit', ''))).toEqual({})
      // Of no known shape: the work goes on.
      for (const odd of [
        {},
        { hook_event_name: 'Nothing' },
        { ...payload('PreToolUse', 'Write'), tool_input: '{' },
      ]) {
        const answer = await hook(odd as Json, { more: [1] })
        expect(answer['hookSpecificOutput']).toBeUndefined()
      }
    } finally {
      await client.close()
      await other.close()
    }
  })
})

test('Codex names the session and the sub-agent with each call', async () => {
  await withFolder(async (dataDir) => {
    const client = await openClient(dataDir, { name: 'codex-mcp-client' })
    try {
      const main = sessionAgentId('codex', 's', digest)
      const own = await call(client, 'memory_file_lock', CHECKOUT, { sessionId: 's', threadId: 's' })
      expect(own['agent_id']).toBe(main)
      const sub = await call(
        client,
        'memory_file_lock',
        { ...CHECKOUT, file_path: 'b.txt' },
        { sessionId: 's', threadId: 't' },
      )
      expect(sub['agent_id']).toBe(subAgentId(main, 't', digest))
    } finally {
      await client.close()
    }
  })
})

test('a lock is kept alive while the session’s server lives, and runs out when that was killed', async () => {
  await withFolder(async (dataDir) => {
    const ttl = { AGENT_MEMORY_REDIS_LOCK_TTL_MS: '500' }
    const client = await openClient(dataDir, { name: 'claude-code', env: ttl })
    const watcher = await openClient(dataDir)
    try {
      const place = placeIn(dataDir, ttl)
      await ask(place, writeQuestion(dataDir, 'own', { client_pid: process.pid }))
      const expiry = async () => {
        const { locks } = await call(watcher, 'memory_file_lock', { action: 'list' })
        return (locks as { expires_at: string }[])[0]?.expires_at ?? ''
      }
      const first = await expiry()
      expect(first).not.toBe('')
      await expect.poll(expiry).not.toBe(first)
      await expect
        .poll(async () => (await expiry()) > new Date(Date.parse(first) + 1_000).toISOString())
        .toBe(true)
      const [socket = ''] = socketsAt(place, undefined)
      process.kill(Number(/-(\d+)\.sock$/.exec(socket)?.[1]), 'SIGKILL')
      await expect.poll(expiry).toBe('')
      expect(await askOneOf([socket], writeQuestion(dataDir, 'own'))).toBeUndefined()
      expect(existsSync(socket)).toBe(false)
    } finally {
      await client.close().catch(() => {})
      await watcher.close()
    }
  })
})

/** A hook as a client starts it: by a shell line, on its own process. */
function hook(dataDir: string, question: HookQuestion, env: Record<string, string> = {}): ChildProcess {
  const args = ['--no-warnings', testProgram('hook-launcher.ts'), 'hook', 'run', '--client', 'claude-code']
  const child = spawn(process.execPath, args, {
    cwd: question.cwd,
    env: {
      PATH: process.env['PATH'],
      HOME: dataDir,
      AGENT_MEMORY_DATA_DIR: dataDir,
      ...databaseEnv(dataDir),
      ...redisEnv(dataDir),
      ...env,
    },
  })
  child.stdin.end(question.payload)
  return child
}

test('a hook starts a server for those that follow; that ends with its socket', async () => {
  await withFolder(async (dataDir) => {
    expect(await endOf(hook(dataDir, writeQuestion(dataDir, 'one')))).toEqual({
      code: 0,
      stdout: '',
      stderr: '',
    })
    const place = {
      ...placeIn(dataDir),
      mainPath: realpathSync(testProgram('hook-launcher.ts')),
      env: { ...databaseEnv(dataDir), ...redisEnv(dataDir) },
    }
    await expect.poll(() => socketsAt(place, undefined).length).toBe(1)
    const [socket = ''] = socketsAt(place, undefined)
    const refused = await endOf(hook(dataDir, writeQuestion(dataDir, 'two')))
    expect(refused).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('is being edited by'),
    })
    expect(await askOneOf([socket], writeQuestion(dataDir, 'one'))).toMatchObject({ code: 0 })

    const pid = Number(/-(\d+)\.sock$/.exec(socket)?.[1])
    // Frozen: then the hook does the work itself.
    process.kill(pid, 'SIGSTOP')
    expect(await endOf(hook(dataDir, writeQuestion(dataDir, 'two')))).toMatchObject({ code: 2 })
    process.kill(pid, 'SIGCONT')
    rmSync(socket)
    await expect.poll(() => isAlive(pid)).toBe(false)
  })
})

/** As `hook install` has it run: the shell's own program, with this Node for where no server answers. */
function shellHook(
  dataDir: string,
  question: HookQuestion,
  { env = {}, node = process.execPath }: { env?: Record<string, string>; node?: string } = {},
): ChildProcess {
  const script = join(dirname(testProgram('main.ts')), 'hook.sh')
  const child = spawn('sh', [script, node, 'hook', 'run', '--client', 'claude-code'], {
    cwd: question.cwd,
    env: {
      PATH: process.env['PATH'],
      HOME: dataDir,
      AGENT_MEMORY_DATA_DIR: dataDir,
      ...databaseEnv(dataDir),
      ...redisEnv(dataDir),
      ...env,
    },
  })
  child.stdin.on('error', () => {})
  child.stdin.end(question.payload)
  return child
}

const NO_NODE = '/no/node'
const GOES_ON = { code: 0, stdout: '', stderr: '' }

test('where a server runs, a shell asks it and starts no Node; else the small program does the work', async () => {
  await withFolder(async (dataDir) => {
    const alone = await endOf(shellHook(dataDir, writeQuestion(dataDir, 'one'), { node: NO_NODE }))
    expect(alone).toMatchObject({ code: 0, stdout: '' })
    expect(await endOf(shellHook(dataDir, writeQuestion(dataDir, 'one')))).toEqual(GOES_ON)
    const place = {
      ...placeIn(dataDir),
      mainPath: realpathSync(testProgram('main.ts')),
      env: { ...databaseEnv(dataDir), ...redisEnv(dataDir) },
    }
    await expect.poll(() => socketsAt(place, undefined).length).toBe(1)
    const ask = (question: HookQuestion, env = {}) =>
      endOf(shellHook(dataDir, question, { node: NO_NODE, env }))
    expect(await ask(writeQuestion(dataDir, 'one'))).toEqual(GOES_ON)
    const refused = await ask(writeQuestion(dataDir, 'two'))
    expect(refused).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('"claude-code-') })
    // One with other settings is not its own.
    expect(await ask(writeQuestion(dataDir, 'two'), { AGENT_MEMORY_PROJECT: 'other' })).toMatchObject({
      code: 0,
    })
  })
})

test('a shell hands on every character of a payload, and of what is answered', async () => {
  await withFolder(async (dataDir) => {
    const content = `${'x'.repeat(300_000)} 'a' "b" $HOME \`id\` \\ \t āŁŞ😀\r\n`
    const rule = { name: 'No "ā😀"', content: "Say 'a' or $HOME,\nnot \\x.", forbidden: ['😀\r\n'] }
    const client = await openClient(dataDir, { env: { AGENT_MEMORY_PROJECT: '' } })
    try {
      await call(client, 'memory_guideline', {
        action: 'add',
        ...rule,
        enforce: 'block',
        scope_type: 'global',
      })
      const question = writeQuestion(dataDir, 'one')
      const payload = JSON.parse(question.payload) as { tool_input: Json }
      payload.tool_input = { ...payload.tool_input, content }
      const given = { ...question, payload: JSON.stringify(payload) }
      const place = placeIn(dataDir)
      const direct = await ask(place, given)
      expect(direct).toMatchObject({ code: 2, stderr: expect.stringContaining("> Say 'a' or $HOME,\n> not") })
      // By the small program first, which starts a server of this build; then by that server.
      expect(await endOf(shellHook(dataDir, given))).toEqual(direct)
      await expect
        .poll(() => endOf(shellHook(dataDir, given, { node: NO_NODE })), { interval: 200 })
        .toEqual(direct)
    } finally {
      await client.close()
    }
  })
})

test('AGENT_MEMORY_HOOK_RESIDENT=off starts none', async () => {
  await withFolder(async (dataDir) => {
    const env = { AGENT_MEMORY_HOOK_RESIDENT: 'off' }
    const child = hook(dataDir, writeQuestion(dataDir, 'one'), env)
    expect(await endOf(child)).toEqual({ code: 0, stdout: '', stderr: '' })
    expect(readdirSync(dataDir).filter((name) => name.startsWith('hook-'))).toEqual([])
  })
})

test('agent-memory hook serve ends on a signal and leaves no socket', async () => {
  await withFolder(async (dataDir) => {
    const env = {
      PATH: process.env['PATH'],
      HOME: dataDir,
      AGENT_MEMORY_DATA_DIR: dataDir,
      ...databaseEnv(dataDir),
      ...redisEnv(dataDir),
    }
    const child = spawn(process.execPath, programArgs('hook', 'serve'), { env, stdio: 'ignore' })
    const [main = ''] = programArgs('hook', 'serve').slice(-3)
    const place = { ...placeIn(dataDir), mainPath: realpathSync(main) }
    expect(await ask(place, writeQuestion(dataDir, 'one'))).toMatchObject({ code: 0 })
    child.kill('SIGTERM')
    await once(child, 'exit')
    expect(socketsAt(place, undefined)).toEqual([])
  })
})

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
