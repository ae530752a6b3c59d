import { join } from 'node:path'
import { expect, test } from 'vitest'
import { hookRun } from '../../src/operations/hook/run.ts'
import { runOperation } from '../../src/operations/run.ts'
import { type TestApp, withApp } from '../support/app.ts'
import { payloadOf } from '../support/hook-payloads.ts'

const LOCK = 'memory_file_lock'

interface Agent {
  readonly agent_id: string
  readonly state: string
  readonly working_on: string | null
  readonly locks: readonly { readonly file_path: string }[]
  readonly waits_for: readonly { readonly file_path: string; readonly held_by: string | null }[]
}

async function presence(t: TestApp, args: object = {}, options: object = {}): Promise<readonly Agent[]> {
  const { agents } = await t.call<{ agents: readonly Agent[] }>(
    'memory_scope',
    'presence',
    { ...args },
    options,
  )
  return agents
}

test('holders and waiters of each file, on both of two instances', () =>
  withApp(async (t) => {
    const other = await t.secondApp()
    const file = join(t.workspace.pathRoot, 'a.ts')
    await t.call(LOCK, 'checkout', { file_path: 'a.ts', purpose: 'tidy up' }, { agentId: 'ann' })
    const gone = new AbortController()
    const waiting = other
      .call(
        LOCK,
        'checkout',
        { file_path: 'a.ts', wait_ms: 600_000 },
        { agentId: 'bob', signal: gone.signal },
      )
      .catch(() => 'given up')
    for (const instance of [t, other]) {
      await expect
        .poll(async () => (await presence(instance)).map(({ agent_id }) => agent_id))
        .toEqual(['bob', 'ann'])
      const [bob, ann] = await presence(instance)
      expect(bob).toMatchObject({
        state: 'waiting',
        locks: [],
        waits_for: [{ file_path: file, held_by: 'ann' }],
      })
      expect(ann).toMatchObject({ state: 'editing', working_on: 'tidy up', waits_for: [] })
      expect(ann?.locks).toEqual([expect.objectContaining({ file_path: file, purpose: 'tidy up' })])
    }
    gone.abort()
    expect(await waiting).toBe('given up')
    await t.call(LOCK, 'checkin', { file_path: 'a.ts' }, { agentId: 'ann' })
    await expect.poll(async () => (await presence(t)).map(({ state }) => state)).toEqual(['active', 'active'])
  }))

test('an agent is shown with its session, and only in its own project', () =>
  withApp(async (t) => {
    const there = { agentId: 'eve', workspace: { project: 'other', root: null, pathRoot: '/elsewhere' } }
    await t.call('memory_knowledge', 'add', { name: 'a', content: 'b' }, there)
    await t.call(LOCK, 'checkout', { file_path: 'x.ts' }, there)
    await t.call(
      'memory_scope',
      'start',
      { scope_type: 'session', name: 'Friday', purpose: 'fix the rounding' },
      { agentId: 'ann' },
    )
    expect(await presence(t)).toMatchObject([
      { agent_id: 'ann', working_on: 'fix the rounding', session: { name: 'Friday' } },
    ])
    expect(await presence(t, {}, there)).toMatchObject([{ agent_id: 'eve', state: 'editing' }])
    const everybody = await presence(t, {}, { workspace: null })
    expect(everybody.map(({ agent_id }) => agent_id).sort()).toEqual(['ann', 'eve'])
  }))

test('a read alone is no work, unless the caller stays', () =>
  withApp(async (t) => {
    await t.call('memory_knowledge', 'list', {}, { agentId: 'passer-by' })
    expect(await presence(t)).toEqual([])
  }))

test('a session of a client is there from its start to its end', () =>
  withApp(async (t) => {
    const hook = async (event: string, tool: string) => {
      const payload = payloadOf('claude-code-2.1.328', event, tool, {
        project: t.workspace.pathRoot,
        session: 'one',
      })
      const ctx = t.app.context({ agentId: 'hook', workspace: null })
      await runOperation(t.app.pipeline, ctx, hookRun, {
        client: 'claude-code',
        payload,
        cwd: t.workspace.pathRoot,
      })
    }
    await hook('PreToolUse', 'Write')
    const [agent] = await presence(t)
    expect(agent).toMatchObject({ state: 'editing', working_on: 'Write in Claude Code' })
    await hook('SessionEnd', 'other')
    expect(await presence(t)).toEqual([])
  }))

test('more agents than were asked for are counted', () =>
  withApp(async (t) => {
    for (const agentId of ['a', 'b', 'c'])
      await t.call(LOCK, 'checkout', { file_path: `${agentId}.ts` }, { agentId })
    expect(await t.call('memory_scope', 'presence', { limit: 2 })).toMatchObject({ more_agents: 1 })
  }))
