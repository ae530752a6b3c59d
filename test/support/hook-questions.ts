import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import type { Client } from '@modelcontextprotocol/client'
import { expect } from 'vitest'
import { type HookPlace, socketsAt } from '../../src/transports/hook/address.ts'
import { askOneOf, type HookQuestion, type HookReply } from '../../src/transports/hook/ask.ts'
import { databaseEnv } from './database.ts'
import { payloadOf } from './hook-payloads.ts'
import { programArgs } from './program.ts'
import { redisEnv } from './redis-env.ts'

// What a hook asks a server of ours that runs.

type Json = Record<string, unknown>

/** Of the hooks that ask the servers of this folder. */
export function placeIn(dataDir: string, env: Record<string, string> = {}): HookPlace {
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

/** A write of a.txt in Claude Code, as a question. */
export function writeQuestion(
  dataDir: string,
  session: string,
  more: Partial<HookQuestion> = {},
): HookQuestion {
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

/** The answer of the server, once it listens. */
export async function ask(place: HookPlace, question: HookQuestion): Promise<HookReply | undefined> {
  await expect.poll(() => socketsAt(place, undefined).length).toBeGreaterThan(0)
  return askOneOf(socketsAt(place, undefined), question)
}

export async function call(client: Client, name: string, args: Json, meta?: Json): Promise<Json> {
  const { structuredContent } = await client.callTool({ name, arguments: args, ...(meta && { _meta: meta }) })
  return structuredContent as Json
}
