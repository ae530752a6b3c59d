import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { type TestApp, withApp } from '../support/app.ts'
import { expectNews, testBackend } from '../support/redis-env.ts'
import { until } from '../support/until.ts'

const TOOL = 'memory_file_lock'
const ANN = { agentId: 'ann' }
const BOB = { agentId: 'bob' }
const AT_ONCE = { env: { AGENT_MEMORY_REDIS_LOCK_RETRY_COUNT: '0' } }

interface Lock {
  readonly file_path: string
  readonly fencing_token: number
  readonly expires_at: string
}

const checkout = (t: TestApp, file_path: string, args = {}, options = ANN) =>
  t.call<Lock>(TOOL, 'checkout', { file_path, ...args }, options)

/** Leases are judged by the database's clock: only an embedded one is that of this process, to be set at will. */
const canFakeTime = testBackend === 'sqlite'
const SECOND = 1_000

function fakeTime(): void {
  if (canFakeTime) vi.useFakeTimers({ toFake: ['Date', 'hrtime', 'setTimeout', 'clearTimeout'] })
}

async function pass(ms: number): Promise<void> {
  if (canFakeTime) await vi.advanceTimersByTimeAsync(ms)
  else await new Promise((resolve) => setTimeout(resolve, ms))
}

/** Lets time pass until it is so. */
const comes = (what: string, ask: () => Promise<boolean>) =>
  until(what, async () => {
    if (canFakeTime) await pass(SECOND)
    return ask()
  })

const queued = (t: TestApp, file_path: string, count: number) =>
  until(
    `${count} in the queue`,
    async () => (await t.call(TOOL, 'status', { file_path }))['waiting'] === count,
  )

async function lockEvents(t: TestApp): Promise<string[]> {
  const { events } = await t.call<{ events: { type: string; agent_id: string }[] }>('memory_event', 'list', {
    types: ['lock.*'],
  })
  return events.map(({ type, agent_id }) => `${type} ${agent_id}`)
}

afterEach(() => {
  vi.useRealTimers()
})

describe('one agent', () => {
  test('checks out, sees, renews, verifies and checks in', () =>
    withApp(async (t) => {
      const file_path = join(t.workspace.pathRoot, 'src/a.ts')
      const lock = await checkout(t, 'src/a.ts', { purpose: 'tidy', ttl_ms: 60_000 })
      expect(lock).toEqual({
        locked: true,
        file_path,
        agent_id: 'ann',
        fencing_token: expect.any(Number),
        expires_at: expect.any(String),
        ttl_ms: 60_000,
      })
      const { fencing_token, expires_at } = lock
      expect(await t.call(TOOL, 'status', { file_path: 'src/a.ts' }, BOB)).toEqual({
        locked: true,
        file_path,
        agent_id: 'ann',
        fencing_token,
        acquired_at: expect.any(String),
        expires_at,
        ttl_ms: 60_000,
        purpose: 'tidy',
        waiting: 0,
      })
      const renewed = await t.call<Lock>(TOOL, 'renew', { file_path, expires_in: 120 }, ANN)
      expect(renewed).toMatchObject({ locked: true, fencing_token, ttl_ms: 120_000 })
      expect(renewed.expires_at > expires_at).toBe(true)
      const claim = { file_path, fencing_token }
      expect(await t.call(TOOL, 'verify', claim, ANN)).toEqual({
        valid: true,
        agent_id: 'ann',
        expires_at: renewed.expires_at,
        ...claim,
      })
      expect(await t.call(TOOL, 'verify', claim, BOB)).toEqual({
        valid: false,
        agent_id: 'bob',
        reason: 'other_holder',
        held_by: 'ann',
        ...claim,
      })
      expect(await t.call(TOOL, 'checkin', { file_path }, ANN)).toEqual({
        released: true,
        agent_id: 'ann',
        ...claim,
      })
      expect(await t.call(TOOL, 'status', { file_path })).toEqual({ locked: false, file_path, waiting: 0 })
      expect(await t.call(TOOL, 'verify', claim, ANN)).toMatchObject({ valid: false, reason: 'not_found' })
    }))

  test('has a lock for the configured time unless it says otherwise', () =>
    withApp({ env: { AGENT_MEMORY_REDIS_LOCK_TTL_MS: '1234' } }, async (t) => {
      expect(await checkout(t, 'a')).toMatchObject({ ttl_ms: 1_234 })
      expect(await checkout(t, 'b', { expires_in: 1.5 })).toMatchObject({ ttl_ms: 1_500 })
    }))

  test('checks out again: same token, later end; several at once', () =>
    withApp(async (t) => {
      const first = await checkout(t, 'a', { ttl_ms: 5_000 })
      const again = await checkout(t, './x/../a', { ttl_ms: 50_000 })
      expect(again.fencing_token).toBe(first.fencing_token)
      const both = await t.call<{ locks: Lock[] }>(TOOL, 'checkout', { file_paths: ['b', 'a', 'b'] }, ANN)
      expect(both.locks.map((lock) => lock.file_path.at(-1))).toEqual(['b', 'a'])
      expect(both.locks[1]?.fencing_token).toBe(first.fencing_token)
      const given = await t.call(TOOL, 'checkin', { file_paths: ['a', 'b'] }, ANN)
      expect(given).toMatchObject({ locks: [{ released: true }, { released: true }] })
      await expectNews(
        () => lockEvents(t),
        ['lock.acquired ann', 'lock.acquired ann', 'lock.released ann', 'lock.released ann'],
      )
    }))
})

describe('is refused', () => {
  test('what another agent has, with its holder, end and purpose', () =>
    withApp(AT_ONCE, async (t) => {
      const lock = await checkout(t, 'a', { purpose: 'tidy' })
      const details = {
        file_path: lock.file_path,
        held_by: 'ann',
        expires_at: lock.expires_at,
        purpose: 'tidy',
      }
      const error = await t.refused(TOOL, 'checkout', { file_paths: ['b', 'a'] }, BOB)
      expect(error).toMatchObject({ code: 'E3000', name: 'FILE_LOCKED', details })
      expect(error.message).not.toMatch(/ann|tidy/)
      expect(await t.call(TOOL, 'status', { file_path: 'b' })).toMatchObject({ locked: false, waiting: 0 })
      for (const action of ['checkin', 'renew']) {
        const refusal = await t.refused(TOOL, action, { file_path: 'a' }, BOB)
        expect(refusal).toMatchObject({ code: 'E3003', name: 'NOT_LOCK_OWNER', details })
      }
    }))

  test('what is not locked, and what ran out', () =>
    withApp(async (t) => {
      fakeTime()
      const lock = await checkout(t, 'a', { ttl_ms: SECOND })
      await pass(SECOND + 1)
      for (const action of ['checkin', 'renew']) {
        expect(await t.refused(TOOL, action, { file_path: 'b' }, ANN)).toMatchObject({
          name: 'LOCK_NOT_FOUND',
        })
        expect(await t.refused(TOOL, action, { file_path: 'a' }, BOB)).toMatchObject({
          name: 'LOCK_NOT_FOUND',
        })
        const error = await t.refused(TOOL, action, { file_path: 'a' }, ANN)
        expect(error).toMatchObject({
          code: 'E3002',
          name: 'LOCK_EXPIRED',
          details: { expires_at: lock.expires_at },
        })
      }
      const claim = { file_path: 'a', fencing_token: lock.fencing_token }
      expect(await t.call(TOOL, 'verify', claim, ANN)).toMatchObject({ valid: false, reason: 'expired' })
      const later = await checkout(t, 'a')
      expect(later.fencing_token).toBeGreaterThan(lock.fencing_token)
      expect(await t.call(TOOL, 'verify', claim, ANN)).toMatchObject({ valid: false, reason: 'superseded' })
      expect(await t.refused(TOOL, 'checkin', claim, ANN)).toMatchObject({ name: 'LOCK_EXPIRED' })
      await expectNews(() => lockEvents(t), ['lock.acquired ann', 'lock.expired ann', 'lock.acquired ann'])
    }))

  const bad: [args: Record<string, unknown>, name: string][] = [
    [{}, 'MISSING_FIELD'],
    [{ file_path: 'a', file_paths: ['b'] }, 'INVALID_PARAMETER'],
    [{ file_path: 'a', ttl_ms: 1_000, expires_in: 1 }, 'INVALID_PARAMETER'],
    [{ file_path: 'a', ttl_ms: 99 }, 'INVALID_PARAMETER'],
    [{ file_path: 'a', expires_in: 86_401 }, 'INVALID_PARAMETER'],
    [{ file_path: 'a', wait_ms: -1 }, 'INVALID_PARAMETER'],
    [{ file_path: 'a', purpose: 'x'.repeat(501) }, 'TOO_LARGE'],
    [{ file_paths: Array.from({ length: 101 }, (_, n) => `${n}`) }, 'TOO_LARGE'],
    [{ file_path: '' }, 'MISSING_FIELD'],
    [{ file_path: ' ' }, 'INVALID_FILE_PATH'],
    [{ file_path: 7 }, 'INVALID_FILE_PATH'],
    [{ file_path: 'a\0' }, 'INVALID_FILE_PATH'],
    [{ file_paths: ['a', 'x'.repeat(5_000)] }, 'INVALID_FILE_PATH'],
    [{ path: 'a' }, 'UNKNOWN_PARAMETER'],
  ]
  test('a checkout that makes no sense, by the name of what is wrong', () =>
    withApp(async (t) => {
      for (const [args, name] of bad)
        expect(await t.refused(TOOL, 'checkout', args, ANN)).toMatchObject({ name })
      const noRoot = { agentId: 'ann', workspace: null }
      expect(await t.refused(TOOL, 'checkout', { file_path: 'a' }, noRoot)).toMatchObject({
        name: 'INVALID_FILE_PATH',
      })
      expect(await t.call(TOOL, 'checkout', { file_path: '/x//a' }, noRoot)).toMatchObject({
        file_path: '/x/a',
      })
      const both = { file_paths: ['a'], fencing_token: 1 }
      expect(await t.refused(TOOL, 'renew', both, ANN)).toMatchObject({ name: 'INVALID_PARAMETER' })
      expect(await t.refused(TOOL, 'verify', { file_path: 'a' }, ANN)).toMatchObject({
        name: 'MISSING_FIELD',
      })
    }))
})

test('links below the project lead to one lock, whether the file is there or not', () =>
  withApp(async (t) => {
    const root = t.workspace.pathRoot
    mkdirSync(join(root, 'real'))
    writeFileSync(join(root, 'real/a.ts'), '')
    symlinkSync(join(root, 'real'), join(root, 'link'))
    symlinkSync(root, join(t.dataDir, 'alias'))
    symlinkSync(t.dataDir, join(root, 'outside'))
    const kept = async (file_path: string, options = {}) =>
      (await t.call(TOOL, 'status', { file_path }, options))['file_path']
    expect(await kept('link/a.ts')).toBe(join(root, 'real/a.ts'))
    expect(await kept('link/new/b.ts')).toBe(join(root, 'real/new/b.ts'))
    expect(await kept(join(t.dataDir, 'alias/link/a.ts'))).toBe(join(root, 'real/a.ts'))
    expect(await kept('outside/c.ts')).toBe(join(t.dataDir, 'c.ts'))
    const alias = join(t.dataDir, 'alias')
    expect(await kept(alias, { workspace: null })).toBe(alias)
  }))

test('a path written as in an address locks no other name than that of its file', () =>
  withApp(async (t) => {
    const root = t.workspace.pathRoot
    for (const name of ['my notes.md', '100%25.md']) writeFileSync(join(root, name), '')
    const refused = async (file_path: string) =>
      (await t.refused(TOOL, 'checkout', { file_path }, ANN)).message
    expect(await refused('my%20notes.md')).toContain('pass my notes.md.')
    expect(await refused(`file://${root}/my%20notes.md`)).toContain(`pass ${root}/my notes.md.`)
    expect(await refused(`file:${root}/new.md`)).toContain(`its file ${root}/new.md.`)
    for (const name of ['100%25.md', 'not there%20yet.md', '100%.md'])
      expect(await t.call(TOOL, 'checkout', { file_path: name }, ANN)).toMatchObject({
        file_path: join(root, name),
      })
  }))

test('list shows live locks by beginning and agent, in pages', () =>
  withApp(async (t) => {
    for (const path of ['src/a', 'src/b', 'lib/c']) await checkout(t, path, { purpose: path })
    await checkout(t, 'src/d', {}, BOB)
    const list = async (args = {}) => {
      const answer = await t.call<{ locks: Lock[]; next_cursor?: string }>(TOOL, 'list', args)
      return { names: answer.locks.map((lock) => lock.file_path.slice(-5)), next: answer.next_cursor }
    }
    expect((await list()).names).toEqual(['lib/c', 'src/a', 'src/b', 'src/d'])
    expect((await list({ agent_id: 'bob' })).names).toEqual(['src/d'])
    expect((await list({ prefix: 'src/', agent_id: 'ann' })).names).toEqual(['src/a', 'src/b'])
    const first = await list({ limit: 3 })
    expect(first.names).toHaveLength(3)
    expect(await list({ limit: 3, cursor: first.next })).toEqual({ names: ['src/d'], next: undefined })
    expect(await t.refused(TOOL, 'list', { cursor: 'rubbish' })).toMatchObject({ name: 'INVALID_PARAMETER' })
    expect(await t.call('memory_health', null)).toMatchObject({ locks: { backend: testBackend, held: 4 } })
  }))

test('list reads a beginning as checkout reads a path', () =>
  withApp(async (t) => {
    const root = join(t.dataDir, 'listed')
    mkdirSync(join(root, 'src'), { recursive: true })
    symlinkSync('src', join(root, 'link'))
    const options = { workspace: { project: null, root: null, pathRoot: root } }
    for (const file_path of ['src/a.ts', 'srcs/b.ts']) await t.call(TOOL, 'checkout', { file_path }, options)
    const found = async (prefix: string) =>
      (await t.call<{ locks: Lock[] }>(TOOL, 'list', { prefix }, options)).locks.length
    for (const prefix of ['src/', 'link/', '"src/"', 'src/*', 'src/**', 'src\\', `${root}/link/a`])
      expect([prefix, await found(prefix)]).toEqual([prefix, 1])
    for (const prefix of ['src', 'link', '**', '.', './', '/'])
      expect([prefix, await found(prefix)]).toEqual([prefix, 2])
    const { message } = await t.refused(TOOL, 'list', { prefix: 'src/**/*.ts' }, options)
    expect(message).toMatch(/^prefix: is a pattern/)
    expect(
      (await t.call<{ locks: Lock[] }>(TOOL, 'list', { prefix: '*' }, { workspace: null })).locks,
    ).toHaveLength(2)
  }))

test('force ends a lock, names its holder, and records the agent that did it and why', () =>
  withApp(async (t) => {
    const { file_path, fencing_token } = await checkout(t, 'a')
    const forced = await t.call(TOOL, 'force_unlock', { file_path: 'a', reason: 'crashed' }, BOB)
    expect(forced).toEqual({ unlocked: true, file_path, held_by: 'ann', fencing_token })
    const again = await t.refused(TOOL, 'force_unlock', { file_path: 'a', reason: 'crashed' }, BOB)
    expect(again).toMatchObject({ name: 'LOCK_NOT_FOUND' })
    expect(await t.refused(TOOL, 'force_unlock', { file_path: 'a' }, BOB)).toMatchObject({
      name: 'MISSING_FIELD',
    })
    expect(await t.call(TOOL, 'verify', { file_path, fencing_token }, ANN)).toMatchObject({ valid: false })
    const { events } = await t.call<{ events: object[] }>('memory_event', 'list', { types: ['lock.forced'] })
    const lock = { file_path, fencing_token, held_by: 'ann', reason: 'crashed' }
    expect(events).toMatchObject([{ agent_id: 'bob', lock }])
  }))

describe('waiting', () => {
  test('ends with the release, first come first served', () =>
    withApp(async (t) => {
      await checkout(t, 'a')
      const served: string[] = []
      const waits = []
      for (const [place, agentId] of ['bob', 'cid', 'dan'].entries()) {
        waits.push(
          checkout(t, 'a', { wait_ms: 600_000 }, { agentId }).then(async () => {
            served.push(agentId)
            await t.call(TOOL, 'checkin', { file_path: 'a' }, { agentId })
          }),
        )
        await queued(t, 'a', place + 1)
      }
      await t.call(TOOL, 'checkin', { file_path: 'a' }, ANN)
      await Promise.all(waits)
      expect(served).toEqual(['bob', 'cid', 'dan'])
    }))

  test('ends with a refusal when the time is up, and leaves no place behind', () =>
    withApp(async (t) => {
      await checkout(t, 'a')
      const error = await t.refused(TOOL, 'checkout', { file_path: 'a', wait_ms: 30 }, BOB)
      expect(error).toMatchObject({ name: 'FILE_LOCKED', details: { held_by: 'ann' } })
      expect(await t.call(TOOL, 'status', { file_path: 'a' })).toMatchObject({ agent_id: 'ann', waiting: 0 })
    }))

  test('ends when the caller goes away: nothing stays queued, nothing is granted', () =>
    withApp(async (t) => {
      await checkout(t, 'a')
      const caller = new AbortController()
      const wait = t.refused(
        TOOL,
        'checkout',
        { file_path: 'a', wait_ms: 600_000 },
        { ...BOB, signal: caller.signal },
      )
      await queued(t, 'a', 1)
      caller.abort()
      expect(await wait).toMatchObject({ name: 'FILE_LOCKED' })
      expect(await t.call(TOOL, 'status', { file_path: 'a' })).toMatchObject({ agent_id: 'ann', waiting: 0 })
      const gone = { ...BOB, signal: AbortSignal.abort() }
      expect(await t.refused(TOOL, 'checkout', { file_path: 'free' }, gone)).toMatchObject({
        name: 'FILE_LOCKED',
      })
      expect(await t.call(TOOL, 'status', { file_path: 'free' })).toMatchObject({ locked: false })
    }))

  test('ends when the server shuts down', () =>
    withApp(async (t) => {
      await checkout(t, 'a')
      const other = await t.secondApp()
      const wait = other.refused(TOOL, 'checkout', { file_path: 'a', wait_ms: 600_000 }, BOB)
      await queued(t, 'a', 1)
      await other.close()
      expect(await wait).toMatchObject({ name: 'LOCK_STORE_UNAVAILABLE' })
      expect(await t.call(TOOL, 'status', { file_path: 'a' })).toMatchObject({ waiting: 0 })
    }))

  test('in a circle is refused at once, with the circle', () =>
    withApp(async (t) => {
      const { file_path: a } = await checkout(t, 'a')
      const { file_path: b } = await checkout(t, 'b', {}, BOB)
      const ann = checkout(t, 'b', { wait_ms: 600_000 })
      await queued(t, 'b', 1)
      const error = await t.refused(TOOL, 'checkout', { file_path: 'a', wait_ms: 600_000 }, BOB)
      expect(error).toMatchObject({ code: 'E3004', name: 'DEADLOCK' })
      expect(error.details).toEqual({
        circle: [
          { agent_id: 'bob', waits_for: a, held_by: 'ann' },
          { agent_id: 'ann', waits_for: b, held_by: 'bob' },
        ],
      })
      await t.call(TOOL, 'checkin', { file_path: 'b' }, BOB)
      expect(await ann).toMatchObject({ file_path: b, agent_id: 'ann' })
    }))
})

describe('keep_alive', () => {
  test('renews for as long as the server lives, and only what asked for it', () =>
    withApp(async (t) => {
      fakeTime()
      const kept = await checkout(t, 'kept', { ttl_ms: 3 * SECOND, keep_alive: true })
      await checkout(t, 'not kept', { ttl_ms: 3 * SECOND })
      await comes('one has run out', async () => !(await status(t, 'not kept')).locked)
      await renewed(t, 'kept', kept.expires_at)
      expect(await t.call(TOOL, 'verify', claimOf(kept), ANN)).toMatchObject({ valid: true })
      const other = await t.secondApp()
      await t.app.services.leases.close()
      await comes('the other has run out too', async () => !(await status(t, 'kept')).locked)
      expect(await other.call(TOOL, 'verify', claimOf(kept), ANN)).toMatchObject({
        valid: false,
        reason: 'expired',
      })
    }))

  test('ends with the checkin, a force, or the agent’s connection', () =>
    withApp(async (t) => {
      fakeTime()
      const wish = { ttl_ms: 3 * SECOND, keep_alive: true }
      for (const path of ['in', 'forced', 'left']) await checkout(t, path, wish)
      await t.call(TOOL, 'checkin', { file_path: 'in' }, ANN)
      await t.call(TOOL, 'force_unlock', { file_path: 'forced', reason: 'test' }, BOB)
      await checkout(t, 'forced', { ttl_ms: 2 * SECOND })
      t.app.services.leases.stopKeeping('ann')
      for (const path of ['in', 'forced', 'left']) {
        await comes(`${path} is free`, async () => !(await status(t, path)).locked)
      }
    }))

  test('follows a time that was set by hand', () =>
    withApp(async (t) => {
      fakeTime()
      const kept = await checkout(t, 'a', { ttl_ms: 60_000, keep_alive: true })
      const byHand = await t.call<Lock>(TOOL, 'renew', { file_path: 'a', ttl_ms: 3 * SECOND }, ANN)
      await renewed(t, 'a', byHand.expires_at)
      expect(await t.call(TOOL, 'verify', claimOf(kept), ANN)).toMatchObject({ valid: true })
    }))

  const status = (t: TestApp, file_path: string) =>
    t.call<{ locked: boolean; expires_at?: string }>(TOOL, 'status', { file_path })

  async function renewed(t: TestApp, file_path: string, since: string): Promise<void> {
    await comes(`${file_path} is renewed`, async () => {
      const { expires_at = '' } = await status(t, file_path)
      return expires_at > since
    })
  }

  function claimOf({ file_path, fencing_token }: Lock) {
    return { file_path, fencing_token }
  }
})
