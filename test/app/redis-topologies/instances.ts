import { afterAll, beforeAll, expect, vi } from 'vitest'
import { type TestApp, withApp } from '../../support/app.ts'

// What the tests of this folder share: settings for a Redis, and instances on one database that work over it or say why not.

export type Env = Readonly<Record<string, string>>

export interface RedisHealth {
  readonly status: string
  readonly problems: readonly string[]
  readonly redis: {
    readonly connected: boolean
    readonly host: string
    readonly port: number
    readonly mode: string
    readonly error?: string
  }
  readonly cache: { readonly l2?: { readonly hits: number } }
  readonly events: { readonly connected: boolean }
}

const LOCK = 'memory_file_lock'

export const enabled = (more: Env = {}): Env => ({ AGENT_MEMORY_REDIS_ENABLED: 'true', ...more })

/** By address, which is what a server reports and where no certificate has a name for it. */
export const enabledAt = (port: number, more: Env = {}): Env =>
  enabled({ AGENT_MEMORY_REDIS_HOST: '127.0.0.1', AGENT_MEMORY_REDIS_PORT: String(port), ...more })

let databases = 0

/** For deployments that follow each other on one Redis: a number that no other has, to put into the key prefix. */
export const nextDatabase = () => ++databases

/** The log stays out of the output of the tests: what is logged while Redis is away is expected. */
export function keepLogQuiet(): void {
  beforeAll(() => void vi.spyOn(process.stderr, 'write').mockReturnValue(true))
  afterAll(() => void vi.restoreAllMocks())
}

export const health = (t: TestApp) => t.call<RedisHealth>('memory_health', null)

export const checkout = (t: TestApp, agent_id: string, file_path: string, more = {}) =>
  t.call<{ fencing_token: number }>(LOCK, 'checkout', { agent_id, file_path, ...more })

export const checkin = (t: TestApp, agent_id: string, file_path: string) =>
  t.call(LOCK, 'checkin', { agent_id, file_path })

export const refusedCheckout = (t: TestApp, agent_id: string, file_path: string, more = {}) =>
  t.refused(LOCK, 'checkout', { agent_id, file_path, wait_ms: 0, ...more })

export const verify = (t: TestApp, agent_id: string, file_path: string, fencing_token: number) =>
  t.call(LOCK, 'verify', { agent_id, file_path, fencing_token })

export const search = (t: TestApp, query: string) =>
  t.call<{ served_from: string; results: readonly { content: string }[] }>('memory_query', 'search', {
    query,
  })

/** An instance that is connected: a start of its own does not wait for that for long. */
export function withConnected(env: Env, body: (t: TestApp) => Promise<void>): Promise<void> {
  return withApp({ env }, async (t) => {
    await expectConnected(t)
    await body(t)
  })
}

/** Two of them on one database. */
export function withTwo(env: Env, body: (a: TestApp, b: TestApp) => Promise<void>): Promise<void> {
  return withConnected(env, async (a) => {
    const b = await a.secondApp()
    await expectConnected(b)
    await body(a, b)
  })
}

export async function expectConnected(t: TestApp): Promise<void> {
  await expect.poll(async () => (await health(t)).redis.connected).toBe(true)
}

/** Health says why Redis is not connected (a text, or what vitest expects of one) and what to do; answers all of it. */
export async function expectAway(t: TestApp, error: unknown, mend: string): Promise<RedisHealth> {
  const away = { status: 'degraded', redis: { connected: false, error } }
  let report = await health(t)
  const look = async () => {
    report = await health(t)
    return report
  }
  await expect.poll(look).toMatchObject(away)
  expect(report.problems[0]).toContain(mend)
  return report
}

/** What `expectWork` asks, of instances that start for it. */
export const expectTwoWork = (env: Env) => withTwo(env, async (a, b) => void (await expectWork(a, b)))

let rounds = 0

/** Locks, cache and events go through Redis from one instance to the other; answers a token, larger than all before. */
export async function expectWork(a: TestApp, b: TestApp): Promise<number> {
  const round = `round${++rounds}`
  const token = await expectLocks(a, b, round)
  await a.call('memory_guideline', 'add', { name: round, content: `zebra ${round}` })
  await expect
    .poll(async () => (await health(b)).events.connected && (await health(a)).events.connected)
    .toBe(true)
  await expectSharedAnswers(a, b, round)
  const next = b.call<{ events: readonly { type: string }[] }>('memory_event', 'wait', {
    types: ['entry.updated'],
    timeout_ms: 60_000,
  })
  await a.call('memory_guideline', 'update', { name: round, content: `zebra ${round} again` })
  expect((await next).events).toMatchObject([{ type: 'entry.updated' }])
  await expect.poll(async () => (await search(b, round)).results[0]?.content).toContain('again')
  return token
}

async function expectLocks(a: TestApp, b: TestApp, round: string): Promise<number> {
  const paths = [`/${round}/one.ts`, `/${round}/two.ts`]
  const [one = '', two = ''] = paths
  const { fencing_token: first } = await checkout(a, 'ann', one)
  expect(await refusedCheckout(b, 'bob', two, { file_path: undefined, file_paths: paths })).toMatchObject({
    name: 'FILE_LOCKED',
    details: { held_by: 'ann' },
  })
  await checkout(b, 'cid', two)
  await checkin(b, 'cid', two)
  await checkin(a, 'ann', one)
  const both = await b.call<{ locks: readonly { fencing_token: number }[] }>(LOCK, 'checkout', {
    agent_id: 'bob',
    file_paths: paths,
  })
  const tokens = both.locks.map(({ fencing_token }) => fencing_token)
  expect(Math.min(...tokens)).toBeGreaterThan(first)
  for (const path of paths) await checkin(b, 'bob', path)
  return Math.max(...tokens)
}

/** An answer is put into Redis a moment after it was given: some question finds it there. */
async function expectSharedAnswers(a: TestApp, b: TestApp, round: string): Promise<void> {
  let asked = 0
  const ask = async () => {
    const query = `${round} ${'zebra '.repeat(++asked)}`
    await search(a, query)
    return (await search(b, query)).served_from
  }
  await expect.poll(ask).toBe('l2')
}
