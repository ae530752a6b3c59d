import { join } from 'node:path'
import { expect, test } from 'vitest'
import { hookRun } from '../../src/operations/hook/run.ts'
import { OPERATIONS } from '../../src/operations/index.ts'
import { runOperation } from '../../src/operations/run.ts'
import { type TestApp, withApp } from '../support/app.ts'
import { payloadOf } from '../support/hook-payloads.ts'

const LOCK = 'memory_file_lock'
const ANN = { agentId: 'ann' }
const BOB = { agentId: 'bob' }

/** The notices that an agent gets beside the answer to some call of it. */
async function told(t: TestApp, agentId: string): Promise<readonly string[]> {
  const { notices = [] } = await t.call<{ notices?: readonly string[] }>(
    'memory_scope',
    'current',
    {},
    { agentId },
  )
  return notices
}

/** The notices that it gets sooner or later. */
async function toldSoon(t: TestApp, agentId: string): Promise<readonly string[]> {
  let notices: readonly string[] = []
  await expect
    .poll(async () => {
      notices = await told(t, agentId)
      return notices.length
    })
    .toBeGreaterThan(0)
  return notices
}

test('the holder of a wanted lock gets one notice, from whichever instance it asks', () =>
  withApp(async (t) => {
    const other = await t.secondApp()
    const file = join(t.workspace.pathRoot, 'a.ts')
    await t.call(LOCK, 'checkout', { file_path: 'a.ts' }, ANN)
    expect(await told(t, 'ann')).toEqual([])
    await other.refused(LOCK, 'checkout', { file_path: 'a.ts', wait_ms: 0 }, BOB)
    const notice = `"bob" wants ${file}, which you hold: check it in as soon as you are done with it.`
    expect(await toldSoon(t, 'ann')).toEqual([notice])
    for (const instance of [t, other, t]) expect(await told(instance, 'ann')).toEqual([])
    expect(await told(t, 'bob')).toEqual([])
  }))

test('a waiter is in the notice only while it waits; a file that was given back is wanted no more', () =>
  withApp(async (t) => {
    for (const file_path of ['a.ts', 'b.ts']) await t.call(LOCK, 'checkout', { file_path }, ANN)
    const gone = new AbortController()
    const waiting = t
      .call(LOCK, 'checkout', { file_path: 'a.ts', wait_ms: 600_000 }, { ...BOB, signal: gone.signal })
      .catch(() => 'given up')
    expect(await toldSoon(t, 'ann')).toEqual([expect.stringContaining('"bob" waits for')])
    gone.abort()
    expect(await waiting).toBe('given up')
    await t.refused(LOCK, 'checkout', { file_path: 'b.ts', wait_ms: 0 }, BOB)
    const given = await t.call(LOCK, 'checkin', { file_path: 'b.ts' }, ANN)
    expect(given).not.toHaveProperty('notices')
    expect(await told(t, 'ann')).toEqual([])
  }))

test('the agent whose lease ran out or was ended gets a notice, unless it has the file again', () =>
  withApp(async (t) => {
    const other = await t.secondApp()
    await t.call(LOCK, 'checkout', { file_path: 'a.ts', ttl_ms: 100 }, ANN)
    expect(await toldSoon(other, 'ann')).toEqual([
      expect.stringMatching(/^Your lock on .*a\.ts ran out at 2.*Check it out again and read it anew/),
    ])
    expect(await told(t, 'ann')).toEqual([])
    await t.call(LOCK, 'checkout', { file_path: 'b.ts' }, ANN)
    await other.call(LOCK, 'force_unlock', { file_path: 'b.ts', reason: 'x' }, BOB)
    expect(await toldSoon(t, 'ann')).toEqual([expect.stringMatching(/b\.ts was ended by "bob"/)])
    await t.call(LOCK, 'checkout', { file_path: 'c.ts' }, ANN)
    await t.call(LOCK, 'force_unlock', { file_path: 'c.ts', reason: 'x' }, BOB)
    await t.call(LOCK, 'checkout', { file_path: 'c.ts' }, ANN)
    expect(await told(t, 'ann')).toEqual([])
  }))

test('the author of a changed entry gets one notice that names the writers; the writer gets none', () =>
  withApp(async (t) => {
    const other = await t.secondApp()
    const { id } = await t.call('memory_knowledge', 'add', { name: 'Use\nWAL', content: 'one' }, ANN)
    for (const content of ['two', 'three'])
      await other.call('memory_knowledge', 'update', { id, content }, BOB)
    expect(await toldSoon(t, 'ann')).toEqual([
      `The knowledge "Use WAL" (${id}) that you wrote was updated by "bob", version 3.`,
    ])
    expect(await told(other, 'ann')).toEqual([])
    expect(await told(other, 'bob')).toEqual([])
    await t.call('memory_knowledge', 'delete', { id }, ANN)
    expect(await toldSoon(other, 'bob')).toEqual([expect.stringContaining('was deleted by "ann"')])
  }))

test('notices are few and stay within the budget of the answer; a refused call takes none', () =>
  withApp(async (t) => {
    const ids: string[] = []
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) {
      const added = await t.call('memory_knowledge', 'add', { name, content: 'one '.repeat(200) }, ANN)
      ids.push(String(added['id']))
    }
    for (const id of ids) await t.call('memory_knowledge', 'update', { id, content: 'two '.repeat(200) }, BOB)
    await t.refused('memory_knowledge', 'get', { name: 'nothing' }, ANN)
    const [list] = OPERATIONS.filter(({ tool, action }) => tool === 'memory_knowledge' && action === 'list')
    if (!list) throw new Error('no such operation')
    const ctx = t.app.context({ ...ANN, workspace: t.workspace }, { isTold: true })
    const page = await runOperation(t.app.pipeline, ctx, list, { token_budget: 400 })
    const notices = page['notices'] as string[]
    expect(notices).toHaveLength(4)
    expect(notices[3]).toBe('And 3 more of that kind: memory_event list shows them.')
    expect(Buffer.byteLength(JSON.stringify(page))).toBeLessThanOrEqual(1_600)
  }))

test('only one of many instances tells it, asked at once', () =>
  withApp(async (t) => {
    const others = [await t.secondApp(), await t.secondApp()]
    await t.call(LOCK, 'checkout', { file_path: 'a.ts' }, ANN)
    await t.refused(LOCK, 'checkout', { file_path: 'a.ts', wait_ms: 0 }, BOB)
    await expect
      .poll(async () => {
        const { events } = await t.call<{ events: object[] }>('memory_event', 'list', {
          types: ['lock.wanted'],
        })
        return events.length
      })
      .toBe(1)
    const asked = [t, ...others, t, ...others].map((instance) => told(instance, 'ann'))
    expect((await Promise.all(asked)).flat()).toHaveLength(1)
  }))

test('a hook tells it at the next prompt, in the form of its client', () =>
  withApp(async (t) => {
    const hook = (event: string, variant: string) => {
      const place = { project: t.workspace.pathRoot, session: 'one' }
      const payload = payloadOf('claude-code-2.1.328', event, variant, place)
      const ctx = t.app.context({ agentId: 'hook', workspace: null })
      const call = { client: 'claude-code', payload, cwd: t.workspace.pathRoot }
      return runOperation(t.app.pipeline, ctx, hookRun, call)
    }
    await hook('PreToolUse', 'Write')
    await t.refused(LOCK, 'checkout', { file_path: 'a.txt', wait_ms: 0 }, BOB)
    await expect
      .poll(async () => (await hook('UserPromptSubmit', ''))['stdout'])
      .toContain('agent-memory: \\"bob\\" wants')
    expect(await hook('UserPromptSubmit', '')).toEqual({ code: 0, stdout: '', stderr: '' })
  }))
