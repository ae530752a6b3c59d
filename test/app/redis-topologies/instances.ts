import { expect } from 'vitest'
import { type TestApp, withApp } from '../../support/app.ts'

// What the tests of this folder share: two instances on one database, over the Redis that the settings name.

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

export const health = (t: TestApp) => t.call<RedisHealth>('memory_health', null)

export const checkout = (t: TestApp, agent_id: string, file_path: string, more = {}) =>
  t.call<{ fencing_token: number }>(LOCK, 'checkout', { agent_id, file_path, ...more })

export const checkin = (t: TestApp, agent_id: string, file_path: string) =>
  t.call(LOCK, 'checkin', { agent_id, file_path })

export const refusedCheckout = (t: TestApp, agent_id: string, file_path: string, more = {}) =>
  t.refused(LOCK, 'checkout', { agent_id, file_path, wait_ms: 0, ...more })

export const search = (t: TestApp, query: string) =>
  t.call<{ served_from: string; results: readonly { content: string }[] }>('memory_query', 'search', {
    query,
  })

/** Two instances on one database. */
export function withTwo(env: Env, body: (a: TestApp, b: TestApp) => Promise<void>): Promise<void> {
  return withApp({ env }, async (a) => body(a, await a.secondApp()))
}

export async function expectConnected(t: TestApp): Promise<void> {
  await expect.poll(async () => (await health(t)).redis.connected, { timeout: 15_000 }).toBe(true)
}

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
    timeout_ms: 10_000,
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
