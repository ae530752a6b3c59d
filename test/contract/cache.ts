import { expect, test } from 'vitest'
import {
  type Cache,
  type CacheRequest,
  MAX_ANSWER_BYTES,
  type Versions,
} from '../../src/coordination/cache.ts'
import type { Clock } from '../../src/domain/clock.ts'
import { until } from '../support/until.ts'

/** What one read of the test's own data found. */
export interface Snapshot {
  /** Scope key → the number last written under it. */
  readonly values: Readonly<Record<string, number>>
  readonly stamp: Versions
}

/** One instance: its cache, and its own way to the database that both share. */
export interface CacheHandle {
  readonly cache: Cache
  /** Commits `value` under the scope key, which moves its version, and tells the cache as this instance's writes do. */
  write(key: string, value: number): Promise<void>
  /** Values and versions as one snapshot of the database. */
  read(keys: readonly string[]): Promise<Snapshot>
}

export interface CacheHandles {
  readonly a: CacheHandle
  readonly b: CacheHandle
  close(): Promise<void>
}

export interface CacheOptions {
  readonly maxBytes: number
  readonly clock: Clock
}

export type OpenCaches = (options: CacheOptions) => Promise<CacheHandles>

/** A wall clock that the test moves. */
class TestClock implements Clock {
  ms = 1_000_000
  now(): number {
    return this.ms
  }
  monotonic(): number {
    return this.ms
  }
}

const KEYS = ['project:p/guideline', 'project:p/knowledge']
const [K1 = '', K2 = ''] = KEYS

/** A question over `keys` that counts its loads; `pad` makes the answer larger. */
function question(
  handle: CacheHandle,
  options: { key?: string; keys?: readonly string[]; pad?: number; expiresAt?: number } = {},
) {
  const { key = 'q', keys = KEYS, pad = 0, expiresAt = null } = options
  const state = { loads: 0, before: async () => {}, after: async () => {} }
  const request: CacheRequest<{ values: Record<string, number>; pad: string }> = {
    key,
    dependencies: keys,
    async load() {
      state.loads++
      await state.before()
      const { values, stamp } = await handle.read(keys)
      await state.after()
      return { value: { values: { ...values }, pad: 'x'.repeat(pad) }, stamp, expiresAt }
    },
  }
  const ask = async (strong = false) => handle.cache.get({ ...request, strong })
  return Object.assign(state, { request, ask, value: async () => (await ask()).value.values })
}

function gate() {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { open: resolve, wait: () => promise }
}

/** What every cache promises. `open` gives two instances on one database, as two processes are. */
export function cacheContract(
  open: OpenCaches,
  { hasSharedLevel = false }: { hasSharedLevel?: boolean } = {},
): void {
  async function withCaches(
    body: (handles: CacheHandles & { clock: TestClock }) => Promise<void>,
    maxBytes = 4 * 1024 * 1024,
  ): Promise<void> {
    const clock = new TestClock()
    const handles = await open({ maxBytes, clock })
    try {
      await handles.a.write(K1, 1)
      await handles.a.write(K2, 1)
      await body({ ...handles, clock })
    } finally {
      await handles.close()
    }
  }

  test('a repeated question is answered without a load', () =>
    withCaches(async ({ a }) => {
      const q = question(a)
      expect((await q.ask()).servedFrom).toBe('database')
      const again = await q.ask()
      expect(again).toMatchObject({ servedFrom: 'l1', value: { values: { [K1]: 1, [K2]: 1 } } })
      expect(q.loads).toBe(1)
      expect(a.cache.stats().l1).toMatchObject({ hits: 1, misses: 1, entries: 1 })
    }))

  test('own writes are read back at once, each of them', () =>
    withCaches(async ({ a }) => {
      const q = question(a)
      for (let n = 2; n < 12; n++) {
        await a.write(n % 2 === 0 ? K1 : K2, n)
        expect((await q.value())[n % 2 === 0 ? K1 : K2]).toBe(n)
      }
    }))

  test('a write of the other instance is seen on the very next strong read', () =>
    withCaches(async ({ a, b }) => {
      const q = question(a)
      for (let n = 2; n < 12; n++) {
        await q.ask()
        await b.write(K2, n)
        expect((await q.ask(true)).value.values[K2]).toBe(n)
      }
    }))

  test('a write elsewhere leaves an answer alone', () =>
    withCaches(async ({ a, b }) => {
      const q = question(a, { keys: [K1] })
      await q.ask()
      await a.write(K2, 2)
      await b.write('project:other/guideline', 3)
      expect((await q.ask(true)).servedFrom).toBe('l1')
    }))

  test('what is kept without a question is found until something in its stamp moves, wherever that happens', () =>
    withCaches(async ({ a, b }) => {
      const keep = async () =>
        a.cache.keep('kept', {
          value: { n: 1 },
          stamp: (await a.read(KEYS)).stamp,
          expiresAt: null,
          isFresh: true,
        })
      const found = async () => (await a.cache.find<{ n: number }>('kept'))?.value
      expect(await found()).toBeUndefined()
      for (const writer of [a, b]) {
        await keep()
        expect(await found()).toEqual({ n: 1 })
        await writer.write('project:other/guideline', 3)
        expect(await found()).toEqual({ n: 1 })
        await writer.write(K2, 2)
        expect(await found()).toBeUndefined()
      }
    }))

  test('what was outdated when it was kept is not found', () =>
    withCaches(async ({ a, b }) => {
      for (const writer of [a, b]) {
        const { stamp } = await a.read(KEYS)
        await writer.write(K1, 2)
        a.cache.keep('kept', { value: 1, stamp, expiresAt: null, isFresh: true })
        expect(await a.cache.find('kept')).toBeUndefined()
      }
    }))

  test('what is kept ends with its validity, is frozen, and takes no room where there is none', async () => {
    const keepIn = async ({ a, clock }: CacheHandles & { clock: TestClock }) => {
      const { stamp } = await a.read([K1])
      a.cache.keep('kept', { value: { list: [1] }, stamp, expiresAt: clock.ms + 100, isFresh: true })
      return (await a.cache.find<{ list: number[] }>('kept'))?.value
    }
    await withCaches(async (handles) => {
      expect(Object.isFrozen((await keepIn(handles))?.list)).toBe(true)
      handles.clock.ms += 100
      expect(await handles.a.cache.find('kept')).toBeUndefined()
    })
    await withCaches(async (handles) => {
      expect(await keepIn(handles)).toBeUndefined()
    }, 0)
  })

  test('two keys have two answers', () =>
    withCaches(async ({ a }) => {
      const one = question(a, { key: 'one', keys: [K1] })
      const two = question(a, { key: 'two', keys: [K1] })
      await one.ask()
      expect((await two.ask()).servedFrom).toBe('database')
    }))

  test('reads never go backwards, though an older load ends later', () =>
    withCaches(async ({ a, b }) => {
      const slow = question(a)
      const hold = gate()
      slow.after = hold.wait
      const old = slow.ask()
      await until('one is loading', () => slow.loads === 1)
      await b.write(K1, 2)
      const other = question(a, { key: 'other' })
      expect((await other.ask(true)).value.values[K1]).toBe(2)
      const joiner = slow.value()
      hold.open()
      expect((await old).value.values[K1]).toBe(1)
      expect((await joiner)[K1]).toBe(2)
      expect((await slow.value())[K1]).toBe(2)
    }))

  test('50 misses at once make one load', () =>
    withCaches(async ({ a }) => {
      const q = question(a)
      const hold = gate()
      q.before = hold.wait
      const asked = Array.from({ length: 50 }, () => q.ask())
      await until('one is loading', () => q.loads === 1)
      hold.open()
      const answers = await Promise.all(asked)
      expect(q.loads).toBe(1)
      expect(answers.every(({ value }) => value.values[K1] === 1)).toBe(true)
    }))

  test('a caller that joins a load after a write does not get the state before it', () =>
    withCaches(async ({ a }) => {
      const q = question(a)
      const hold = gate()
      q.after = hold.wait
      const early = q.ask()
      await until('one is loading', () => q.loads === 1)
      await a.write(K1, 2)
      const late = Array.from({ length: 10 }, () => q.value())
      hold.open()
      expect((await early).value.values[K1]).toBe(1)
      for (const values of await Promise.all(late)) expect(values[K1]).toBe(2)
      expect(q.loads).toBe(2)
    }))

  test('an answer below a known version is given to its asker and not kept', () =>
    withCaches(async ({ a }) => {
      const q = question(a)
      q.after = () => a.write(K1, 2)
      expect((await q.ask()).value.values[K1]).toBe(1)
      expect(a.cache.stats().l1.entries).toBe(0)
      q.after = async () => {}
      expect(await q.ask()).toMatchObject({ servedFrom: 'database', value: { values: { [K1]: 2 } } })
    }))

  test('versions merge by maximum: late and repeated news change nothing', () =>
    withCaches(async ({ a }) => {
      const { stamp: old } = await a.read(KEYS)
      await a.write(K1, 2)
      const q = question(a)
      await q.ask()
      a.cache.merge(old)
      a.cache.merge((await a.read(KEYS)).stamp)
      expect((await q.ask()).servedFrom).toBe('l1')
    }))

  test('a cache that hears of a newer version does not serve the older answer', () =>
    withCaches(async ({ a, b }) => {
      const q = question(a)
      await q.ask()
      await b.write(K1, 7)
      a.cache.merge((await b.read([K1])).stamp)
      expect((await q.value())[K1]).toBe(7)
    }))

  test('the least recently used leave when the bytes run out', () =>
    withCaches(async ({ a }) => {
      const questions = Array.from({ length: 12 }, (_, n) => question(a, { key: `q${n}`, pad: 10_000 }))
      const [first] = questions
      for (const q of questions) {
        await q.ask()
        await first?.ask()
      }
      const { entries, bytes } = a.cache.stats().l1
      expect(bytes).toBeLessThanOrEqual(50_000)
      expect(entries).toBe(4)
      expect(first?.loads).toBe(1)
      const again = await questions[1]?.ask()
      expect(again?.servedFrom).toBe(hasSharedLevel ? 'l2' : 'database')
    }, 50_000))

  test('an answer too large to be worth it is not kept', () =>
    withCaches(async ({ a }) => {
      const q = question(a, { pad: MAX_ANSWER_BYTES })
      await q.ask()
      expect((await q.ask()).servedFrom).toBe('database')
      expect(a.cache.stats().l1.entries).toBe(0)
    }))

  test('without room nothing is kept and everything is answered', () =>
    withCaches(async ({ a, b }) => {
      const q = question(a)
      await q.ask()
      await b.write(K1, 2)
      expect(await q.ask(true)).toMatchObject({ servedFrom: 'database', value: { values: { [K1]: 2 } } })
      expect(a.cache.stats().l1).toMatchObject({ entries: 0, bytes: 0 })
    }, 0))

  test('an answer ends when its validity does', () =>
    withCaches(async ({ a, clock }) => {
      const q = question(a, { expiresAt: clock.ms + 100 })
      await q.ask()
      clock.ms += 99
      expect((await q.ask()).servedFrom).toBe('l1')
      clock.ms += 1
      expect((await q.ask()).servedFrom).toBe('database')
    }))

  test('a failing load reaches every waiting caller, and is not remembered', () =>
    withCaches(async ({ a }) => {
      const q = question(a)
      const hold = gate()
      q.before = async () => {
        await hold.wait()
        throw new Error('the disk is on fire')
      }
      const asked = Promise.allSettled(Array.from({ length: 10 }, () => q.ask()))
      await until('one is loading for all', () => q.loads === 1 && a.cache.stats().l1.misses === 10)
      // Who was answered together with the one that loads finds its load in the next turn.
      await new Promise(setImmediate)
      hold.open()
      for (const outcome of await asked)
        expect(outcome).toMatchObject({ status: 'rejected', reason: { message: 'the disk is on fire' } })
      expect(q.loads).toBe(1)
      q.before = async () => {}
      expect((await q.value())[K1]).toBe(1)
    }))

  test('a caller cannot change an answer for the next one', () =>
    withCaches(async ({ a }) => {
      const q = question(a)
      for (let n = 0; n < 2; n++) {
        const { value } = await q.ask()
        expect(() => {
          value.values[K1] = 666
        }).toThrow(TypeError)
        expect(() => {
          value.pad = ''
        }).toThrow(TypeError)
      }
      expect((await q.value())[K1]).toBe(1)
    }))
}
