import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import type { LeaseStore } from '../../../src/coordination/lease-store.ts'
import { RedisLink } from '../../../src/coordination/redis/connection/link.ts'
import { Script } from '../../../src/coordination/redis/script.ts'
import { newId } from '../../../src/domain/ids.ts'
import { RedisProbe } from '../../support/redis.ts'
import { leaseRequests } from '../../support/take.ts'
import { openRedisWorld, type RedisWorld } from './world.ts'

const P = '/path/to/file.ts'
const { ask, take } = leaseRequests({ path: P })

const withWorld =
  (
    body: (
      t: RedisWorld & { one: LeaseStore; two: LeaseStore; cli: RedisProbe; key: string },
    ) => Promise<void>,
  ) =>
  async () => {
    const world = await openRedisWorld()
    const cli = await RedisProbe.connect()
    try {
      await body({
        ...world,
        one: world.a.store,
        two: world.b.store,
        cli,
        key: `${world.prefix}lock:file:${P}`,
      })
    } finally {
      cli.close()
      await world.close()
    }
  }

const everything = { prefix: null, agentId: null, afterPath: null, limit: 10 }

test(
  'the key, the value and the life of a lock are those of the guide',
  withWorld(async ({ one, cli, key, prefix }) => {
    const [seconds, micros] = await cli.send<[string, string]>('TIME')
    const before = Number(seconds) * 1_000 + Math.floor(Number(micros) / 1_000)
    const lease = await take(one, 'instance-a-agent', P, { ttlMs: 600_000 })
    expect(await cli.keys(`${prefix}lock:file:*`)).toEqual([key])
    const value = await cli.send<string>('GET', key)
    const left = await cli.send<number>('PTTL', key)
    expect(value).toMatch(/^\{"agent_id": "instance-a-agent", "expires": \d{13}, /)
    const { agent_id: agentId, expires } = JSON.parse(value) as { agent_id: string; expires: number }
    expect(agentId).toBe('instance-a-agent')
    expect(expires - before).toBeGreaterThanOrEqual(600_000)
    expect(expires).toBe(Date.parse(lease.expiresAt))
    expect(left).toBeGreaterThan(0)
    expect(left).toBeLessThanOrEqual(600_000)
    await one.release({ agentId: 'instance-a-agent', paths: [P], token: lease.token })
    expect(await cli.keys(`${prefix}lock:file:*`)).toEqual([])
  }),
)

/** Redis is not run for a while after each script has read its clock. */
async function whileRedisHalts<T>(work: () => Promise<T>): Promise<T> {
  const { run } = RedisLink.prototype
  const reading = 'local now = time_now()'
  const halt = vi.spyOn(RedisLink.prototype, 'run').mockImplementation(function (
    this: RedisLink,
    script,
    ...rest
  ) {
    expect(script.text).toContain(reading)
    const text = script.text.replace(reading, `${reading}\nrepeat until time_now() > now + 200`)
    return run.call(this, new Script([['halting', text]]), ...rest)
  })
  try {
    return await work()
  } finally {
    halt.mockRestore()
  }
}

test(
  'a lock ends when it ends, also where Redis halts while it looks',
  withWorld(async ({ one, two }) => {
    const { expiresAt } = await take(one, 'ann', P, { ttlMs: 600_000 })
    const found = await whileRedisHalts(() => two.find(P))
    expect(found.lease?.expiresAt).toBe(expiresAt)
  }),
)

test(
  'every key of a lock begins with the prefix, and what is released or ran out leaves nothing that grows',
  withWorld(async ({ one, cli, prefix }) => {
    const lease = await take(one, 'ann')
    await one.release({ agentId: 'ann', paths: [P], token: lease.token })
    for (const key of [`${prefix}lock:leases`, `${prefix}lock:index`, `${prefix}lock:waiters`])
      expect(await cli.send('EXISTS', key)).toBe(0)
    const answers = await cli.keys(`${prefix}lock:done:*`)
    for (const key of answers) expect(await cli.send<number>('PTTL', key)).toBeGreaterThan(0)
  }),
)

test(
  'a lock that is deleted by hand is free, its holder is told, and its end is reported once',
  withWorld(async ({ one, two, cli, key, changes }) => {
    const lease = await take(one, 'ann')
    await cli.send('DEL', key)
    expect((await two.find(P)).lease).toBeNull()
    expect(await one.renew({ agentId: 'ann', paths: [P], token: lease.token, ttlMs: null })).toMatchObject({
      kind: 'refused',
      reason: 'expired',
    })
    expect(Date.parse((await one.find(P)).former?.expiresAt ?? '')).toBeLessThanOrEqual(Date.now() + 1_000)
    const next = await take(two, 'bob')
    expect(next.token).toBeGreaterThan(lease.token)
    expect((await changes()).map(({ type }) => type)).toEqual([
      'lock.acquired',
      'lock.expired',
      'lock.acquired',
    ])
  }),
)

test(
  'a lock that is put by hand as the guide prints it is a lock',
  withWorld(async ({ one, two, cli, key }) => {
    await cli.send(
      'SET',
      key,
      `{"agent_id": "instance-a-agent", "expires": ${Date.now() + 600_000}}`,
      'PX',
      600_000,
    )
    expect(await ask(one, 'bob')).toMatchObject({ kind: 'held', agentId: 'instance-a-agent' })
    expect(await two.list(everything)).toMatchObject([{ path: P, agentId: 'instance-a-agent' }])
    const own = await take(two, 'instance-a-agent')
    expect(own.token).toBeGreaterThan(0)
    expect((await ask(one, 'bob')).kind).toBe('held')
    expect(await one.release({ agentId: 'instance-a-agent', paths: [P], token: own.token })).toMatchObject({
      kind: 'done',
    })
    expect((await ask(one, 'bob')).kind).toBe('granted')
  }),
)

const STRANGE: [string, (string | number)[]][] = [
  ['of another text', ['SET', 'KEY', 'mine!']],
  ['of no end', ['SET', 'KEY', '{"agent_id": "ann", "expires": 1}']],
  ['of other JSON', ['SET', 'KEY', '[1, {"a": null}]', 'EX', 100]],
  [
    'with fields of other types',
    ['SET', 'KEY', '{"agent_id": null, "expires": "soon", "fencing_token": {}, "purpose": 7}', 'EX', 100],
  ],
  ['of another kind', ['RPUSH', 'KEY', 'a', 'b']],
]
for (const [what, command] of STRANGE) {
  test(
    `a key ${what} is held until it is deleted or forced`,
    withWorld(async ({ one, two, cli, key }) => {
      const put = () => cli.send(...command.map((part) => (part === 'KEY' ? key : part)))
      await put()
      expect((await ask(one, 'bob')).kind).toBe('held')
      expect((await two.find(P)).lease).not.toBeNull()
      expect(await two.list(everything)).toHaveLength(1)
      expect(await two.forceRelease({ path: P, agentId: 'boss', reason: 'strange' })).not.toBeNull()
      await take(one, 'bob')
      await one.release({ agentId: 'bob', paths: [P], token: null })
      await put()
      await cli.send('DEL', key)
      expect((await ask(one, 'bob')).kind).toBe('granted')
    }),
  )
}

test(
  'the life of the key decides, also when it was changed by hand',
  withWorld(async ({ one, two, cli, key }) => {
    const lease = await take(one, 'ann', P, { ttlMs: 600_000 })
    await cli.send('PEXPIRE', key, 1_200_000)
    const longer = (await two.find(P)).lease
    expect(Date.parse(longer?.expiresAt ?? '')).toBeGreaterThan(Date.parse(lease.expiresAt) + 500_000)
    await cli.send('PEXPIRE', key, 20)
    await sleep(30)
    expect((await ask(two, 'bob')).kind).toBe('granted')
  }),
)

test(
  'paths and agents of any letters come back as they were',
  withWorld(async ({ one, two, cli, prefix }) => {
    const path = '/wörk/"quo\\ted"/\u{1F512} {tag} *?[x].ts'
    const agentId = 'ann/"one"\\ü\u2028'
    const request = {
      requestToken: newId(),
      agentId,
      paths: [path],
      ttlMs: 30_000,
      purpose: 'a "why" \\/ \u0085',
      wait: false,
    }
    expect((await one.acquire(request)).kind).toBe('granted')
    expect((await two.find(path)).lease).toMatchObject({ path, agentId, purpose: request.purpose })
    const value = await cli.send<string>('GET', `${prefix}lock:file:${path}`)
    expect(JSON.parse(value)).toMatchObject({ agent_id: agentId })
    expect(await two.release({ agentId, paths: [path], token: null })).toMatchObject({ kind: 'done' })
  }),
)

test(
  'leases that ran out more than a day ago are forgotten',
  withWorld(async ({ one, cli, key, prefix }) => {
    await take(one, 'ann')
    await cli.send('DEL', key)
    await one.find(P)
    expect(await cli.send('HLEN', `${prefix}lock:leases`)).toBe(1)
    await cli.send('ZADD', `${prefix}lock:index`, Date.now() - 25 * 3_600_000, P)
    await one.list(everything)
    expect(await cli.keys(`${prefix}lock:[lin]*`)).toEqual([])
  }),
)
