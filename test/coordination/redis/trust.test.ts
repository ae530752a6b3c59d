import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CacheRequest } from '../../../src/coordination/cache.ts'
import { readVersions } from '../../../src/store/change-log.ts'
import { RedisProbe } from '../../support/redis.ts'
import { openRedisWorld, type RedisInstance, type RedisWorld } from './world.ts'

// A client of Redis can put no word into an answer, and keeps no instance from answering.

const KEY = 'project:p/guideline'
const AHEAD = Number.MAX_SAFE_INTEGER

let cli: RedisProbe
beforeAll(async () => {
  cli = await RedisProbe.connect()
})
afterAll(() => cli.close())

/** The version is the answer: an answer that is not the database's shows itself. */
function question({ database }: RedisInstance, key = 'q', more: Partial<CacheRequest<string>> = {}) {
  return {
    key,
    dependencies: [KEY],
    load: async () => {
      const stamp = await database.read((db) => readVersions(db, [KEY]))
      return { value: `${key} at ${stamp.get(KEY)}`, stamp, expiresAt: null }
    },
    ...more,
  }
}

const ask = (instance: RedisInstance, key?: string, more?: Partial<CacheRequest<string>>) =>
  instance.redis.cache.get(question(instance, key, more))

function write({ database }: RedisInstance): Promise<void> {
  return database.write(async ({ record }) =>
    record({
      type: 'vote.recorded',
      scope: { type: 'global', id: 'global' },
      scopeKeys: [KEY],
      agentId: 'test',
    }),
  )
}

type Body = (t: RedisWorld & { answers(): Promise<string[]>; key(name: string): string }) => Promise<void>

/** One version, and the answer to 'q' at it in Redis. */
const withAnswer = (body: Body) => async () => {
  const world = await openRedisWorld()
  const key = (name: string) => `${world.prefix}${name}`
  const answers = () => cli.keys(key('cache:q:*'))
  try {
    await write(world.a)
    expect(await ask(world.a)).toMatchObject({ value: 'q at 1', servedFrom: 'database' })
    await expect.poll(answers).toHaveLength(1)
    await body({ ...world, key, answers })
  } finally {
    await world.close()
  }
}

async function rewrite(key: string, change: (stored: unknown[]) => unknown): Promise<void> {
  const stored = JSON.parse((await cli.send<string>('GET', key)) ?? '') as unknown[]
  await cli.send('SET', key, JSON.stringify(change(stored)), 'KEEPTTL')
}

test(
  'an answer that was put there by an instance is taken',
  withAnswer(async ({ b, junk }) => {
    expect(await ask(b)).toMatchObject({ value: 'q at 1', servedFrom: 'l2' })
    expect(junk).toEqual([])
  }),
)

const FORGERIES: readonly [what: string, change: (stored: unknown[]) => unknown][] = [
  ['other words', ([stamp, until, , seal]) => [stamp, until, 'forged', seal]],
  ['a version ahead', ([, until, value, seal]) => [[[KEY, AHEAD]], until, value, seal]],
  ['a version ahead and no seal', ([, until, value]) => [[[KEY, AHEAD]], until, value]],
  ['no stamp', ([, until, value, seal]) => [[], until, value, seal]],
  ['a longer life', ([stamp, , value, seal]) => [stamp, AHEAD, value, seal]],
  ['no JSON array', () => ({ value: 'forged' })],
  ['null', () => null],
  ['a text', () => 'forged'],
]

test.each(FORGERIES)('an answer with %s is passed over, counted and learnt nothing from', (_, change) =>
  withAnswer(async ({ b, answers, junk }) => {
    for (const key of await answers()) await rewrite(key, change)
    expect(await ask(b)).toMatchObject({ value: 'q at 1', servedFrom: 'database' })
    expect(await ask(b, 'q', { strong: true })).toMatchObject({ value: 'q at 1' })
    expect(b.redis.junk()).toEqual({ 'cache:q': expect.any(Number) })
    expect(junk).toEqual(['cache:q'])
    await write(b)
    expect(await ask(b)).toMatchObject({ value: 'q at 2', servedFrom: 'database' })
    await expect.poll(async () => (await ask(b)).servedFrom).toBe('l1')
  })(),
)

test(
  'a true answer to another question is none to this one',
  withAnswer(async ({ a, b, answers }) => {
    const [first = ''] = await answers()
    await ask(a, 'other')
    await expect.poll(answers).toHaveLength(2)
    const text = await cli.send<string>('GET', first)
    for (const key of await answers()) await cli.send('SET', key, text, 'PX', 60_000)
    expect(await ask(b, 'other')).toMatchObject({ value: 'other at 1', servedFrom: 'database' })
  }),
)

test(
  'a true answer of an earlier time, with the versions of that time, is not served again',
  withAnswer(async ({ a, b, answers, key }) => {
    const [first = ''] = await answers()
    const text = await cli.send<string>('GET', first)
    const open = { value: 'q at 1', servedFrom: 'l2' }
    expect(await ask(b)).toMatchObject(open)
    await write(a)
    await cli.send('SET', first, text, 'PX', 60_000)
    await cli.send('HSET', key('versions'), KEY, 1)
    expect(await ask(a)).toMatchObject({ value: 'q at 2', servedFrom: 'database' })
    expect(await ask(b, 'q', { strong: true })).toMatchObject({ value: 'q at 2' })
  }),
)

test.each([String(AHEAD), '999', 'x', '-1', '1e9', ''])(
  'a version %j that the database never had does not count',
  (version) =>
    withAnswer(async ({ b, key }) => {
      await cli.send('HSET', key('versions'), KEY, version)
      expect(await ask(b)).toMatchObject({ value: 'q at 1' })
      await write(b)
      expect(await ask(b)).toMatchObject({ value: 'q at 2' })
      await expect.poll(async () => (await ask(b)).servedFrom).toBe('l1')
    })(),
)

test(
  'news without a true seal is dropped and counted',
  withAnswer(async ({ b, prefix, junk }) => {
    await expect.poll(async () => (await ask(b)).servedFrom).toBe('l1')
    const news = { v: 1, ns: `${prefix}@0`, versions: { [KEY]: AHEAD } }
    for (const forged of [news, { ...news, mac: 'x'.repeat(43) }, { ...news, versions: { [KEY]: 'x' } }])
      await cli.send('PUBLISH', 'agentmem:events', JSON.stringify(forged))
    await expect.poll(() => b.redis.junk()).toEqual({ events: 2 })
    expect(junk).toContain('events')
    expect(await ask(b)).toMatchObject({ value: 'q at 1', servedFrom: 'l1' })
  }),
)

test(
  'a key of another type in the place of an answer, or of its single-flight lease, delays no caller',
  withAnswer(async ({ a, b, answers, key }) => {
    for (const name of await answers()) {
      const fill = name.replace('cache:q:', 'cache:fill:')
      await cli.send('DEL', name)
      await cli.send('LPUSH', name, 'junk')
      await cli.send('LPUSH', fill, 'junk')
    }
    expect(await ask(b)).toMatchObject({ value: 'q at 1', servedFrom: 'database' })
    await expect.poll(async () => cli.send('TYPE', (await answers())[0] ?? '')).toBe('string')
    expect(await cli.keys(key('cache:fill:*'))).toEqual([])
    await ask(a, 'other')
  }),
)

test.each(['x', '-1', '1.5', '1e400', '', 'nan'])(
  'meta and versions of %j stop neither answers nor news',
  (junk) =>
    withAnswer(async ({ a, b, key, answers }) => {
      await expect.poll(async () => (await ask(b)).servedFrom).toBe('l1')
      await cli.send('DEL', key('versions'), ...(await answers()))
      await cli.send('HSET', key('meta'), 'told', junk, 'memories', junk)
      await cli.send('HSET', key('versions'), KEY, junk)
      await write(a)
      await expect.poll(async () => (await ask(b)).value).toBe('q at 2')
      await expect.poll(async () => (await ask(a, 'next')).servedFrom).not.toBe('database')
      await expect.poll(async () => (await ask(b, 'next')).servedFrom).not.toBe('database')
      await expect.poll(() => cli.send('HGET', key('versions'), KEY)).toMatch(/^~?2$/)
    })(),
)

test(
  'what decides who may read what is never put into Redis, nor taken from it',
  withAnswer(async ({ a, b, answers }) => {
    expect(await ask(a, 'chain', { isOwn: true })).toMatchObject({
      value: 'chain at 1',
      servedFrom: 'database',
    })
    expect(await ask(b, 'chain', { isOwn: true })).toMatchObject({
      value: 'chain at 1',
      servedFrom: 'database',
    })
    await expect.poll(async () => (await ask(b, 'chain', { isOwn: true })).servedFrom).toBe('l1')
    expect(await answers()).toHaveLength(1)
    await write(b)
    expect(await ask(b, 'chain', { isOwn: true })).toMatchObject({ value: 'chain at 2' })
  }),
)
