import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Client } from '@modelcontextprotocol/client'
import { expect, test } from 'vitest'
import { sessionAgentId, subAgentId } from '../../../src/domain/hooks/agent.ts'
import { digest } from '../../../src/services/hooks/session-memory.ts'
import type { HookReply } from '../../../src/transports/hook/ask.ts'
import { payloadOf } from '../../support/hook-payloads.ts'
import { ask, call, placeIn, writeQuestion } from '../../support/hook-questions.ts'
import { openClient, withFolder } from '../../support/mcp.ts'

type Json = Record<string, unknown>

const CHECKOUT = { action: 'checkout', file_path: 'a.txt' }

/** Its server and its hooks, as Claude Code has both; what the hook answers to a call of our lock tool is what the server is then given. */
async function withSession(
  body: (session: {
    client: Client
    project: string
    write: (agent?: string) => Promise<HookReply | undefined>
    lock: (args: Json, agent?: string) => Promise<Json>
  }) => Promise<void>,
): Promise<void> {
  await withFolder(async (dataDir) => {
    const project = join(dataDir, 'project')
    const env = { CLAUDE_CODE_SESSION_ID: 'session-one', CLAUDE_PROJECT_DIR: project }
    const client = await openClient(dataDir, { name: 'claude-code', env })
    const place = placeIn(dataDir)
    const question = (tool: Json, agent: string | undefined) => {
      const variant = agent === undefined ? 'Write' : 'Write sub-agent'
      const where = { project, session: 'session-one', ...(agent !== undefined && { agent }) }
      const payload = { ...payloadOf('claude-code-2.1.328', 'PreToolUse', variant, where), ...tool }
      return ask(place, writeQuestion(dataDir, 'session-one', { payload: JSON.stringify(payload) }))
    }
    try {
      await body({
        client,
        project,
        write: (agent) => question({}, agent),
        lock: async (args, agent) => {
          const tool = { tool_name: 'mcp__agent-memory__memory_file_lock', tool_input: args }
          const reply = await question(tool, agent)
          const said = reply?.stdout ? (JSON.parse(reply.stdout) as { hookSpecificOutput: Json }) : undefined
          const input = said?.hookSpecificOutput['updatedInput'] as Json | undefined
          return call(client, 'memory_file_lock', input ?? args)
        },
      })
    } finally {
      await client.close()
    }
  })
}

const MAIN = sessionAgentId('claude-code', 'session-one', digest)
const GOES_ON = { code: 0, stdout: '', stderr: '' }

test('an agent gives back itself what its hook has locked: neither that nor its next write is refused', () =>
  withSession(async ({ client, project, write, lock }) => {
    const checkin = { action: 'checkin', file_path: 'a.txt' }
    const released = { released: true, agent_id: MAIN }
    expect(await write()).toEqual(GOES_ON)
    // With no hook for our own tools, as Codex has it.
    expect(await call(client, 'memory_file_lock', checkin)).toMatchObject(released)
    expect(await write()).toEqual(GOES_ON)
    // By any name that it gives itself.
    expect(await lock({ ...checkin, agent_id: 'me' })).toMatchObject(released)
    expect(await write()).toEqual(GOES_ON)
    expect(await lock({ ...CHECKOUT, agent_id: 'me' })).toMatchObject({ locked: true, agent_id: MAIN })
    expect(await lock(checkin)).toMatchObject(released)
    // What another agent writes after that is a change that the agent has not seen.
    await call(client, 'memory_file_lock', { ...CHECKOUT, agent_id: 'ada' })
    writeFileSync(join(project, 'a.txt'), 'of ada')
    await call(client, 'memory_file_lock', { ...checkin, agent_id: 'ada' })
    const changed = await write()
    expect([changed?.code, changed?.stderr]).toEqual([
      2,
      expect.stringContaining('was changed since you last read it'),
    ])
    expect(await write()).toEqual(GOES_ON)
  }))

test('a sub-agent that checks a file out itself gets what the hook of its main agent has locked', () =>
  withSession(async ({ write, lock }) => {
    const sub = { locked: true, agent_id: subAgentId(MAIN, 'a7', digest) }
    expect(await write()).toEqual(GOES_ON)
    expect(await lock({ ...CHECKOUT, wait_ms: 0 }, 'a7')).toMatchObject(sub)
    // It is no lock of the main agent any more.
    expect((await write())?.code).toBe(2)
  }))
