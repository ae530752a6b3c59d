import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, realpathSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Client } from '@modelcontextprotocol/client'
import { expect, test } from 'vitest'
import { sessionAgentId, subAgentId } from '../../../src/domain/hooks/agent.ts'
import { digest } from '../../../src/services/hooks/session-memory.ts'
import { type HookPlace, socketsAt } from '../../../src/transports/hook/address.ts'
import { askOneOf, type HookQuestion, type HookReply } from '../../../src/transports/hook/ask.ts'
import { databaseEnv } from '../../support/database.ts'
import { payloadOf } from '../../support/hook-payloads.ts'
import { openClient, withFolder } from '../../support/mcp.ts'
import { programArgs } from '../../support/program.ts'
import { redisEnv } from '../../support/redis-env.ts'
import { endOf } from '../../support/run-program.ts'

// Hooks that ask a server which runs already: the client's own, or one that a hook has started.

type Json = Record<string, unknown>

function placeIn(dataDir: string, env: Record<string, string> = {}): HookPlace {
  const all = { ...databaseEnv(dataDir), ...redisEnv(dataDir), ...env }
  const [main = ''] = programArgs('mcp').slice(-2)
  return {
    dataDir,
    dbPath: join(dataDir, 'memory.db'),
    project: undefined,
    agentId: undefined,
    env: all,
    mainPath: realpathSync(main),
  }
}

function write(dataDir: string, session: string, more: Partial<HookQuestion> = {}): HookQuestion {
  const project = join(dataDir, 'project')
  const payload = payloadOf('claude-code-2.1.328', 'PreToolUse', 'Write', { project, session })
  return {
    client: 'claude-code',
    event: undefined,
    payload: JSON.stringify(payload),
    cwd: project,
    project_dir: undefined,
    fail_closed: false,
    client_pid: undefined,
    ...more,
  }
}

async function ask(place: HookPlace, question: HookQuestion): Promise<HookReply | undefined> {
  await expect.poll(() => socketsAt(place, undefined).length).toBeGreaterThan(0)
  return askOneOf(socketsAt(place, undefined), question)
}

async function call(client: Client, name: string, args: Json, meta?: Json): Promise<Json> {
  const { structuredContent } = await client.callTool({ name, arguments: args, ...(meta && { _meta: meta }) })
  return structuredContent as Json
}

const CHECKOUT = { action: 'checkout', file_path: 'a.txt' }

test('the hook and the server of one session are one agent, by the session that both are told', async () => {
  await withFolder(async (dataDir) => {
    const env = { CLAUDE_CODE_SESSION_ID: 'session-one' }
    const client = await openClient(dataDir, { name: 'claude-code', env })
    try {
      const lock = await call(client, 'memory_file_lock', CHECKOUT)
      expect(lock['agent_id']).toBe(sessionAgentId('claude-code', 'session-one', digest))
      const place = placeIn(dataDir)
      expect(await ask(place, write(dataDir, 'session-one'))).toEqual({ code: 0, stdout: '', stderr: '' })
      expect(await ask(place, write(dataDir, 'session-two'))).toMatchObject({ code: 2 })
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
      expect(await ask(place, write(dataDir, 'other'))).toMatchObject({ code: 2 })
      const own = { client_pid: process.pid }
      expect(await ask(place, write(dataDir, 'own', own))).toEqual({ code: 0, stdout: '', stderr: '' })
    } finally {
      await client.close()
    }
  })
})

test('a variable that another client has left behind makes nobody that session', async () => {
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

test('Codex says with each call whose it is: session and sub-agent', async () => {
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
      await ask(place, write(dataDir, 'own', { client_pid: process.pid }))
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
      expect(await askOneOf([socket], write(dataDir, 'own'))).toBeUndefined()
      expect(existsSync(socket)).toBe(false)
    } finally {
      await client.close().catch(() => {})
      await watcher.close()
    }
  })
})

/** A hook as a client starts it: by a shell line, on its own process. */
function hook(dataDir: string, question: HookQuestion, env: Record<string, string> = {}): ChildProcess {
  const launcher = join(import.meta.dirname, '../../support/hook-launcher.ts')
  const args = [
    '--experimental-strip-types',
    '--no-warnings',
    launcher,
    'hook',
    'run',
    '--client',
    'claude-code',
  ]
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

test('a hook starts a server for those that follow; that ends with its folder', async () => {
  await withFolder(async (dataDir) => {
    expect(await endOf(hook(dataDir, write(dataDir, 'one')))).toEqual({ code: 0, stdout: '', stderr: '' })
    const launcher = join(import.meta.dirname, '../../support/hook-launcher.ts')
    const place = {
      ...placeIn(dataDir),
      mainPath: launcher,
      env: { ...databaseEnv(dataDir), ...redisEnv(dataDir) },
    }
    await expect.poll(() => socketsAt(place, undefined).length).toBe(1)
    const [socket = ''] = socketsAt(place, undefined)
    const refused = await endOf(hook(dataDir, write(dataDir, 'two')))
    expect(refused).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('is being edited by'),
    })
    expect(await askOneOf([socket], write(dataDir, 'one'))).toMatchObject({ code: 0 })

    const pid = Number(/-(\d+)\.sock$/.exec(socket)?.[1])
    // Frozen: then the hook does the work itself.
    process.kill(pid, 'SIGSTOP')
    expect(await endOf(hook(dataDir, write(dataDir, 'two')))).toMatchObject({ code: 2 })
    process.kill(pid, 'SIGCONT')
    rmSync(join(dataDir, 'run'), { recursive: true })
    await expect.poll(() => isAlive(pid)).toBe(false)
  })
})

test('AGENT_MEMORY_HOOK_RESIDENT=off starts none', async () => {
  await withFolder(async (dataDir) => {
    const env = { AGENT_MEMORY_HOOK_RESIDENT: 'off' }
    const child = hook(dataDir, write(dataDir, 'one'), env)
    expect(await endOf(child)).toEqual({ code: 0, stdout: '', stderr: '' })
    expect(existsSync(join(dataDir, 'run'))).toBe(false)
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
    expect(await ask(place, write(dataDir, 'one'))).toMatchObject({ code: 0 })
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
