import { afterAll, beforeAll, expect, test } from 'vitest'
import type { LeaseStore } from '../../../src/coordination/lease-store.ts'
import { newId } from '../../../src/domain/ids.ts'
import type { Lease } from '../../../src/domain/leases/lease.ts'
import { RedisProbe } from '../../support/redis.ts'
import { leaseRequests } from '../../support/take.ts'
import { until } from '../../support/until.ts'
import { openRedisWorld, type RedisWorld } from './world.ts'

// A client of Redis can put anything there: it keeps no agent out for longer than a lease, and stops no
// event.

const LEASE_MS = 300
const FAR = 9e14
/** The longest lease. */
const DAY_MS = 86_400_000

const { ask, take } = leaseRequests()

let cli: RedisProbe
beforeAll(async () => {
  cli = await RedisProbe.connect()
})
afterAll(() => cli.close())

type Body = (
  t: RedisWorld & { one: LeaseStore; two: LeaseStore; key: (name: string) => string },
) => Promise<void>
const withWorld = (body: Body) => async () => {
  const world = await openRedisWorld({ lockTtlMs: LEASE_MS })
  const key = (name: string) => `${world.prefix}${name}`
  await body({ ...world, one: world.a.store, two: world.b.store, key }).finally(() => world.close())
}

/** As if every lease had run out, as far as the database knows: then a new epoch waits for no lease. */
const forgetLeases = ({ database }: RedisWorld['a']) =>
  database.write(({ db }) =>
    db.updateTable('counter').set({ value: 0 }).where('name', '=', 'lease_expiry').execute(),
  )

/** Tries until it is granted: what stands in the way has an end. */
async function takeSoon(store: LeaseStore, agentId: string, path: string): Promise<Lease> {
  return until(`${agentId} gets ${path}`, () => take(store, agentId, path).catch(() => null))
}

const giveBack = (store: LeaseStore, agentId: string, path: string) =>
  store.release({ agentId, paths: [path], token: null })

const waiter = (more: object) =>
  JSON.stringify({ agent_id: 'ghost', paths: ['/w'], ticket: 1, seen: 1, ...more })
const WAITERS: [what: string, text: string, isJunk: boolean][] = [
  ['no JSON', 'junk', true],
  ['a list', '[1]', true],
  ['without paths', '{"agent_id":"x","ticket":1,"seen":9e14}', true],
  ['with paths of another kind', waiter({ paths: [{ a: 1 }] }), true],
  ['without an agent', waiter({ agent_id: 7 }), true],
  ['with a ticket that is no number', '{"agent_id":"x","paths":["/w"],"ticket":nan,"seen":1}', true],
  ['from the future', waiter({ seen: FAR }), false],
]
test(
  'a waiter that is none of ours, or seen in the future, keeps no agent out',
  withWorld(async ({ a, one, two, key, junk }) => {
    let expected = 0
    for (const [what, text, isJunk] of WAITERS) {
      await cli.send('HSET', key('lock:waiters'), `x-${what}`, text)
      await take(one, 'ann', '/w')
      expect(await ask(two, 'bob', '/w', { wait: true }), what).toMatchObject({
        kind: 'queued',
        agentId: 'ann',
      })
      await giveBack(one, 'ann', '/w')
      await cli.send('DEL', key('lock:waiters'))
      if (isJunk) expected++
    }
    expect(a.redis.junk()).toEqual({ 'lock:waiters': expected })
    // Said once.
    expect(junk).toEqual(['lock:waiters'])
  }),
)

const row = (more: object) =>
  JSON.stringify({
    seq: 1,
    type: 'lock.released',
    agent_id: 'ghost',
    path: '/ghost',
    lease: { agent_id: 'ghost', expires: 1, fencing_token: '1', ttl_ms: 1, acquired_at: 1 },
    ...more,
  })
const LATE = 2 ** 52
const ROWS: [what: string, score: number | string, text: string][] = [
  ['no JSON', 1, 'junk'],
  ['no JSON, behind all others', '+inf', 'more junk'],
  ['an object without fields', 2, '{}'],
  ['a number that was never given', LATE, row({ seq: LATE })],
  ['another number than its score', 3, row({ seq: 4 })],
  [
    'a time that no date can tell',
    5,
    row({ seq: 5, lease: { ...JSON.parse(row({})).lease, expires: 1e18 } }),
  ],
  ['a NUL, which PostgreSQL cannot keep', 6, row({ seq: 6, agent_id: 'a\0b' })],
  ['half a character', 7, row({ seq: 7, path: '/\ud800' })],
  ['a type that is none', 8, row({ seq: 8, type: 'lock.eaten' })],
]
test(
  'a row of the outbox that is none of ours stops no event, before or after it',
  withWorld(async ({ a, b, one, key, changes }) => {
    for (const [what, score, text] of ROWS) {
      await cli.send('ZADD', key('lock:outbox'), score, text)
      await take(one, 'ann', '/e')
      await giveBack(one, 'ann', '/e')
      expect((await changes()).map(({ type }) => type).slice(-2), what).toEqual([
        'lock.acquired',
        'lock.released',
      ])
    }
    expect((await changes()).map(({ agentId }) => agentId)).not.toContain('ghost')
    const found = [a, b].map(({ redis }) => redis.junk()['lock:outbox'] ?? 0)
    expect(Math.max(...found)).toBeGreaterThan(0)
  }),
)

const forged = (more: object) =>
  JSON.stringify({
    agent_id: 'ghost',
    expires: Date.now() + 1_000,
    fencing_token: '1',
    ttl_ms: 1_000,
    acquired_at: Date.now(),
    request: 'r',
    via: 'i',
    ...more,
  })
const LOCKS: [what: string, command: string[]][] = [
  ['an agent of another kind', [forged({ agent_id: 7 }), 'PX', '99999999']],
  ['an end of 1e18', [forged({ expires: 1e18 }), 'PX', '1000']],
  ['an end of 1e18 and none of the key', [forged({ expires: 1e18 })]],
  ['no end of the key', [forged({})]],
  ['an end beyond the longest lease', [forged({}), 'PX', String(DAY_MS * 30)]],
  ['no JSON and no end', ['mine!']],
]
test(
  'a lock that is none of ours keeps no agent out for longer than a lease, and everything shows it',
  withWorld(async ({ one, two, key }) => {
    for (const [what, command] of LOCKS) {
      const name = key('lock:file:/l')
      await cli.send('SET', name, ...command)
      expect((await ask(one, 'bob', '/l')).kind, what).toBe('held')
      await two.list({ prefix: null, agentId: null, afterPath: null, limit: 10 })
      const left = await cli.send<number>('PTTL', name)
      expect(left, what).not.toBe(-1)
      expect(left, what).toBeLessThanOrEqual(1_000)
      await takeSoon(two, 'bob', '/l')
      await giveBack(two, 'bob', '/l')
    }
    expect(await cli.send('RPUSH', key('lock:file:/l'), 'a')).toBe(1)
    expect((await ask(one, 'bob', '/l')).kind).toBe('held')
    await takeSoon(two, 'bob', '/l')
  }),
)

test(
  'what the hash of leases says in other words is forgotten, and no event of it told',
  withWorld(async ({ a, one, key, changes }) => {
    const texts = [
      'junk',
      '[]',
      '{"agent_id":{}}',
      forged({ expires: 1e18 }),
      forged({ fencing_token: String(2 ** 53) }),
    ]
    for (const [place, text] of texts.entries())
      await cli.send('HSET', key('lock:leases'), `/h${place}`, text)
    for (const place of texts.keys()) await take(one, 'ann', `/h${place}`)
    expect(await one.list({ prefix: null, agentId: null, afterPath: null, limit: 10 })).toHaveLength(
      texts.length,
    )
    expect((await changes()).map(({ type }) => type)).toEqual(texts.map(() => 'lock.acquired'))
    expect(a.redis.junk()).toEqual({ 'lock:leases': texts.length })
    // The same nonsense in both places is no lock that was given back either.
    await cli.send('HSET', key('lock:leases'), '/h0', 'junk')
    await cli.send('SET', key('lock:file:/h0'), 'junk')
    expect(await giveBack(one, 'ann', '/h0')).toMatchObject({ kind: 'refused' })
  }),
)

for (const name of ['meta', 'lock:leases', 'lock:index', 'lock:waiters', 'lock:outbox']) {
  test(
    `a key of another type as ${name} is put aside, and locks and events go on`,
    withWorld(async ({ a, one, two, key, junk, changes }) => {
      for (const again of [false, true]) {
        if (again) await takeSoon(one, 'cid', '/held')
        await changes()
        await forgetLeases(a)
        await cli.send('DEL', key(name))
        await cli.send('SET', key(name), 'junk')
        const lease = await takeSoon(one, 'ann', '/t')
        await expect
          .poll(() => two.find('/t').catch(() => null))
          .toMatchObject({ lease: { token: lease.token } })
        expect(await giveBack(two, 'ann', '/t')).toMatchObject({ kind: 'done' })
        if (again)
          expect((await two.forceRelease({ path: '/held', agentId: 'b', reason: 'r' }))?.agentId).toBe('cid')
      }
      expect(new Set(junk)).toEqual(new Set([name]))
      await expect.poll(() => a.redis.status().connected).toBe(true)
      const told = (await changes()).filter(({ path }) => path === '/t').map(({ type }) => type)
      expect(told).toEqual(['lock.acquired', 'lock.released', 'lock.acquired', 'lock.released'])
    }),
  )
}

const COUNTERS = [String(2 ** 53), '9223372036854775807', 'junk', '-5', '0']
test(
  'a counter of changes that cannot be believed ends its epoch: tokens and events go on growing',
  withWorld(async ({ a, one, two, key, changes }) => {
    let last = await take(one, 'ann', '/c')
    await giveBack(one, 'ann', '/c')
    for (const counter of COUNTERS) {
      await changes()
      await forgetLeases(a)
      await cli.send('HSET', key('meta'), 'change', counter)
      const lease = await takeSoon(one, 'ann', '/c')
      expect(lease.token, counter).toBeGreaterThan(last.token)
      expect(Number.isSafeInteger(lease.token)).toBe(true)
      await expect.poll(() => giveBack(two, 'ann', '/c').catch(() => null)).toMatchObject({ kind: 'done' })
      last = lease
    }
    const told = (await changes()).filter(({ path }) => path === '/c')
    expect(told).toHaveLength(2 * (COUNTERS.length + 1))
  }),
)

/** What stands there after the clock of Redis was set that far: everything of before is as much later. */
async function setClockBack(key: (name: string) => string, ms: number): Promise<void> {
  for (const [path, text] of pairs(await cli.send<string[]>('HGETALL', key('lock:leases')))) {
    const lease = JSON.parse(text) as { expires: number; acquired_at: number }
    const [expires, acquired] = [lease.expires + ms, lease.acquired_at + ms]
    const later = text
      .replace(String(lease.expires), String(expires))
      .replace(String(lease.acquired_at), String(acquired))
    await cli.send('HSET', key('lock:leases'), path, later)
    await cli.send('ZADD', key('lock:index'), expires, path)
    await cli.send('SET', key(`lock:file:${path}`), later, 'PXAT', expires)
  }
}

function pairs(flat: readonly string[]): [string, string][] {
  return flat.flatMap((name, place) => (place % 2 === 0 ? [[name, flat[place + 1] ?? '']] : []))
}

const HOUR_MS = 3_600_000
for (const [what, ms] of [
  ['back', HOUR_MS],
  ['ahead', -HOUR_MS],
] as const) {
  test(
    `a clock that was set ${what} by an hour keeps no agent out for longer than a lease`,
    withWorld(async ({ one, two, key }) => {
      const wishes = { paths: ['/t'], ttlMs: 500, purpose: null, wait: false }
      await one.acquire({ ...wishes, requestToken: newId(), agentId: 'ann' })
      await cli.send(
        'SET',
        key('lock:file:/hand'),
        `{"agent_id": "hand", "expires": ${Date.now() + 500}}`,
        'PX',
        500,
      )
      await one.find('/hand')
      await setClockBack(key, ms)
      for (const path of ['/t', '/hand']) {
        await one.find(path)
        expect(await cli.send<number>('PTTL', key(`lock:file:${path}`)), path).toBeLessThanOrEqual(700)
        await takeSoon(two, 'bob', path)
        expect(await giveBack(one, 'bob', path)).toMatchObject({ kind: 'done' })
      }
    }),
  )
}

test(
  'an end of the recovery that the database does not know of is not waited for',
  withWorld(async ({ a, one, key }) => {
    for (const end of [String(FAR), 'junk', 'nan', '-1']) {
      await forgetLeases(a)
      await cli.send('HSET', key('meta'), 'recover_until', end)
      await takeSoon(one, 'ann', '/r')
      await giveBack(one, 'ann', '/r')
    }
  }),
)

test(
  'an epoch that the database never gave is none: its own goes on, and tokens grow',
  withWorld(async ({ a, one, two, key }) => {
    let last = (await take(one, 'ann', '/p')).token
    await giveBack(one, 'ann', '/p')
    for (const epoch of ['999999999', '9007199254740991', 'junk', '0', '-1', 'nan', '12', '']) {
      await forgetLeases(a)
      await cli.send('HSET', key('meta'), 'epoch', epoch)
      const { token } = await takeSoon(one, 'ann', '/p')
      expect(token, epoch).toBeGreaterThan(last)
      expect(token, epoch).toBeLessThan(2 ** 43)
      await expect.poll(() => giveBack(two, 'ann', '/p').catch(() => null)).toMatchObject({ kind: 'done' })
      last = token
    }
  }),
)

test(
  'who seems to begin an epoch for ever is not waited for',
  withWorld(async ({ one, key }) => {
    await cli.send('SET', key('beginner'), 'nobody')
    await cli.send('DEL', key('meta'))
    await takeSoon(one, 'ann', '/b')
  }),
)
