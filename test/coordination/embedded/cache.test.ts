import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EmbeddedCache, type VersionSource } from '../../../src/coordination/embedded/cache.ts'
import { systemClock } from '../../../src/domain/clock.ts'
import { readVersions } from '../../../src/store/change-log.ts'
import { Store } from '../../../src/store/store.ts'
import {
  type CacheHandle,
  type CacheHandles,
  type CacheOptions,
  cacheContract,
} from '../../contract/cache.ts'
import { giveDatabaseFolderBack, openTestDatabase, takeDatabaseFolder } from '../../support/database.ts'
import { until } from '../../support/until.ts'

interface Handle extends CacheHandle {
  close(): Promise<void>
}

/** One process' worth of cache and store. The values stand in the table of counters. */
async function openHandle(folder: string, options: CacheOptions): Promise<Handle> {
  const store = new Store(await openTestDatabase(folder), 'test')
  const source: VersionSource = {
    changeToken: () => store.database.changeToken(),
    readVersions: (keys) => store.read((db) => readVersions(db, keys)),
  }
  const cache = new EmbeddedCache(source, options)
  store.onCommit(({ versions }) => cache.merge(versions))
  return {
    cache,
    write: (key, value) =>
      store.write(async ({ db, record }) => {
        await db
          .insertInto('counter')
          .values({ name: key, value })
          .onConflict((c) => c.column('name').doUpdateSet({ value }))
          .execute()
        record({
          type: 'vote.recorded',
          scope: { type: 'global', id: 'global' },
          scopeKeys: [key],
          agentId: 'test',
        })
      }),
    read: (keys) =>
      store.snapshot(async (db) => {
        const rows = await db.selectFrom('counter').selectAll().where('name', 'in', keys).execute()
        return {
          values: Object.fromEntries(rows.map((row) => [row.name, row.value])),
          stamp: await readVersions(db, keys),
        }
      }),
    close: () => store.close(),
  }
}

async function openTwo(options: CacheOptions): Promise<CacheHandles> {
  const folder = await takeDatabaseFolder()
  const [a, b] = [await openHandle(folder, options), await openHandle(folder, options)]
  return {
    a,
    b,
    async close() {
      await a.close()
      await b.close()
      await giveDatabaseFolderBack(folder)
    },
  }
}

const ROOM = { maxBytes: 1 << 20, clock: systemClock }

async function withTwo(body: (handles: CacheHandles) => Promise<void>): Promise<void> {
  const handles = await openTwo(ROOM)
  await body(handles).finally(() => handles.close())
}

function ask(handle: CacheHandle, keys: readonly string[]) {
  return handle.cache.get({
    key: keys.join(),
    dependencies: keys,
    async load() {
      const { values, stamp } = await handle.read(keys)
      return { value: values, stamp, expiresAt: null }
    },
  })
}

describe('contract', () => cacheContract(openTwo))

test('the other process is seen on the very next read, strong or not', () =>
  withTwo(async ({ a, b }) => {
    for (let n = 1; n <= 20; n++) {
      const [writer, reader] = n % 2 ? [a, b] : [b, a]
      await writer.write('k', n)
      expect((await ask(reader, ['k'])).value['k']).toBe(n)
      expect((await ask(writer, ['k'])).value['k']).toBe(n)
    }
  }))

test('an unrelated commit of the other process costs a look at the versions, not a load', () =>
  withTwo(async ({ a, b }) => {
    await a.write('k', 1)
    await ask(a, ['k'])
    for (let n = 0; n < 5; n++) {
      await b.write('other', n)
      expect((await ask(a, ['k'])).servedFrom).toBe('l1')
    }
  }))

/** A database of one number, whose word on other commits the test decides. */
function scripted(token: number | null) {
  const state = { token, version: 1, asked: 0, hold: async () => {} }
  const source: VersionSource = {
    changeToken: () => state.token,
    async readVersions(keys) {
      state.asked++
      const versions = new Map(keys.map((key) => [key, state.version]))
      await state.hold()
      return versions
    },
  }
  const cache = new EmbeddedCache(source, ROOM)
  const get = (
    options: { key?: string; dependency?: string; strong?: boolean; hold?: () => Promise<void> } = {},
  ) =>
    cache.get({
      key: options.key ?? 'q',
      dependencies: [options.dependency ?? 'k'],
      strong: options.strong ?? false,
      async load() {
        const version = state.version
        await options.hold?.()
        return { value: version, stamp: new Map([[options.dependency ?? 'k', version]]), expiresAt: null }
      },
    })
  return Object.assign(state, { cache, get })
}

function gate() {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { open: resolve, wait: () => promise }
}

test('where other commits are not announced, each read asks for the versions', async () => {
  const db = scripted(null)
  expect(await db.get()).toMatchObject({ value: 1, servedFrom: 'database' })
  expect(await db.get()).toMatchObject({ value: 1, servedFrom: 'l1' })
  db.version = 2
  expect(await db.get()).toMatchObject({ value: 2, servedFrom: 'database' })
  expect(db.asked).toBe(3)
})

test('reads that come together are proven by one look, and one that comes after it began by another', async () => {
  const db = scripted(null)
  const keys = Array.from({ length: 10 }, (_, n) => `k${n}`)
  const ask = (dependency: string) => db.get({ key: dependency, dependency })
  await Promise.all(keys.map(ask))
  const before = db.asked
  const hold = gate()
  db.hold = hold.wait
  const early = keys.map(ask)
  await until('the look is under way', () => db.asked === before + 1)
  db.version = 2
  db.hold = async () => {}
  const late = await ask('k0')
  hold.open()
  expect(late).toMatchObject({ value: 2, servedFrom: 'database' })
  const [changed, ...others] = await Promise.all(early)
  expect(changed?.value).toBe(2)
  for (const answer of others) expect(answer).toMatchObject({ value: 1, servedFrom: 'l1' })
  expect(db.asked).toBe(before + 2)
})

test('a look that fails fails for those who shared it, and for no one after', async () => {
  const db = scripted(null)
  db.hold = () => Promise.reject(new Error('the network is down'))
  const asked = await Promise.allSettled([db.get({ key: 'one' }), db.get({ key: 'two' })])
  expect(asked.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  db.hold = async () => {}
  expect((await db.get()).value).toBe(1)
})

test('strong asks for the versions though the token stands still', async () => {
  const db = scripted(1)
  await db.get()
  db.version = 2
  expect((await db.get()).value).toBe(1)
  expect((await db.get({ strong: true })).value).toBe(2)
})

test('an answer that was given sets the floor for every other question', async () => {
  const db = scripted(1)
  await db.get({ key: 'old' })
  db.version = 2
  expect((await db.get({ key: 'new' })).value).toBe(2)
  expect((await db.get({ key: 'old' })).value).toBe(2)
})

test('versions that were read before the token moved prove nothing after it', async () => {
  const db = scripted(1)
  await db.get()
  db.token = 2
  const hold = gate()
  db.hold = hold.wait
  const slow = db.get()
  await until('it has asked', () => db.asked === 2)
  db.hold = async () => {}
  ;[db.token, db.version] = [3, 2]
  await db.get({ key: 'other', dependency: 'other' })
  hold.open()
  await slow
  expect((await db.get()).value).toBe(2)
})

test('what was read before the database was put back, and kept after it, is not found', async () => {
  const db = scripted(1)
  db.version = 5
  await db.get()
  const kept = { value: 'of version 5', stamp: new Map([['k', 5]]), expiresAt: null, isFresh: true }
  db.cache.keep('kept', kept)
  expect((await db.cache.find('kept'))?.value).toBe('of version 5')
  ;[db.token, db.version] = [2, 3]
  expect((await db.get()).value).toBe(3)
  db.cache.keep('kept', kept)
  expect(await db.cache.find('kept')).toBeUndefined()
})

test('a database put back to an earlier state empties the cache', async () => {
  const db = scripted(1)
  db.version = 5
  await db.get()
  ;[db.token, db.version] = [2, 3]
  expect(await db.get()).toMatchObject({ value: 3, servedFrom: 'database' })
  expect(await db.get()).toMatchObject({ value: 3, servedFrom: 'l1' })
  ;[db.token, db.version] = [3, 4]
  expect((await db.get()).value).toBe(4)
})

test('a load of the state before that is not kept', async () => {
  const db = scripted(1)
  db.version = 5
  const hold = gate()
  const late = db.get({ hold: hold.wait })
  await new Promise((resolve) => setImmediate(resolve))
  ;[db.token, db.version] = [2, 3]
  await db.get({ key: 'other' })
  hold.open()
  await late
  expect((await db.get()).value).toBe(3)
})

test('any interleaving: an answer is never older than the database before it, nor newer than after it', async () => {
  const keys = ['x', 'y', 'z']
  const steps = fc.array(
    fc.record({
      handle: fc.constantFrom('a' as const, 'b' as const),
      kind: fc.constantFrom('write' as const, 'read' as const, 'read all' as const),
      key: fc.constantFrom(...keys),
      /** How many of the steps before it may still be running. */
      atOnce: fc.integer({ min: 0, max: 3 }),
    }),
    { minLength: 5, maxLength: 40 },
  )
  const handles = await openTwo(ROOM)
  let written = 0
  /** `key@version` → its value, from reads that no cache saw. */
  const truth = new Map<string, number | undefined>()

  const readDatabase = async (handle: CacheHandle, asked: readonly string[]) => {
    const snapshot = await handle.read(asked)
    for (const key of asked) truth.set(`${key}@${snapshot.stamp.get(key)}`, snapshot.values[key])
    return snapshot
  }
  const checkRead = async (handle: CacheHandle, asked: readonly string[]) => {
    const before = await readDatabase(handle, asked)
    const { value } = await handle.cache.get({
      key: asked.join(),
      dependencies: asked,
      async load() {
        const { values, stamp } = await handle.read(asked)
        return {
          value: { values: { ...values }, versions: Object.fromEntries(stamp) },
          stamp,
          expiresAt: null,
        }
      },
    })
    const after = await readDatabase(handle, asked)
    for (const key of asked) {
      const version = value.versions[key] ?? -1
      expect(version).toBeGreaterThanOrEqual(before.stamp.get(key) ?? 0)
      expect(version).toBeLessThanOrEqual(after.stamp.get(key) ?? 0)
      const known = `${key}@${version}`
      if (truth.has(known)) expect(value.values[key]).toBe(truth.get(known))
    }
  }
  try {
    const property = fc.asyncProperty(steps, async (list) => {
      const running: Promise<void>[] = []
      for (const { handle, kind, key, atOnce } of list) {
        while (running.length > atOnce) await running.shift()
        const on = handles[handle]
        running.push(
          kind === 'write' ? on.write(key, ++written) : checkRead(on, kind === 'read' ? [key] : keys),
        )
      }
      await Promise.all(running)
      await checkRead(handles.a, keys)
      await checkRead(handles.b, keys)
    })
    await fc.assert(property, { numRuns: 40 })
  } finally {
    await handles.close()
  }
})
