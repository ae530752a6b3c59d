import { describe, expect, test } from 'vitest'
import { EmbeddedLeaseStore } from '../../../src/coordination/embedded/lease-store.ts'
import type { LeaseTables } from '../../../src/coordination/embedded/lease-tables.ts'
import { newId } from '../../../src/domain/ids.ts'
import { leaseEvent } from '../../../src/domain/leases/lease-event.ts'
import type { Moment } from '../../../src/domain/leases/time.ts'
import { readLogPage } from '../../../src/store/change-log.ts'
import { leaseReads, leaseWrites } from '../../../src/store/leases/leases.ts'
import { Store } from '../../../src/store/store.ts'
import { type LeaseInstance, type LeaseWorld, leaseStoreContract } from '../../contract/lease-store.ts'
import { giveDatabaseFolderBack, openTestDatabase, takeDatabaseFolder } from '../../support/database.ts'

const P = '/work/p.ts'
const DAY = 24 * 3_600_000

/** Clocks that the test moves, one after the other or together. */
class TestTime {
  bootId = 'boot-1'
  monotonicMs = 5_000_000
  wallMs = Date.parse('2026-01-02T03:04:05.000Z')

  readonly now = (): Moment => ({ bootId: this.bootId, monotonicMs: this.monotonicMs, wallMs: this.wallMs })

  pass(ms: number): void {
    this.monotonicMs += ms
    this.wallMs += ms
  }

  /** The machine starts anew: its monotonic clock with it. */
  boot(): void {
    this.bootId = newId()
    this.monotonicMs = 1_000
  }
}

interface Instance extends LeaseInstance {
  readonly database: Store
  readonly tables: LeaseTables
}

async function openInstance(folder: string, now: () => Moment): Promise<Instance> {
  const database = new Store(await openTestDatabase(folder), 'test')
  const tables: LeaseTables = {
    read: (fn) => database.snapshot((db) => fn({ ...leaseReads(db), now: async () => now() })),
    write: (fn) =>
      database.write(({ db, record }) =>
        fn({ ...leaseWrites(db), now: async () => now(), record: (change) => record(leaseEvent(change)) }),
      ),
    changeToken: () => database.database.changeToken(),
    pollMs: database.database.pollMs,
  }
  return { store: new EmbeddedLeaseStore(tables, 'test'), database, tables, close: () => database.close() }
}

interface EmbeddedWorld extends LeaseWorld {
  readonly a: Instance
  readonly b: Instance
  readonly time: TestTime
  open(now?: () => Moment): Promise<Instance>
}

async function openWorld(): Promise<EmbeddedWorld> {
  const folder = await takeDatabaseFolder()
  const time = new TestTime()
  const opened: Instance[] = []
  const open = async (now = time.now) => {
    const instance = await openInstance(folder, now)
    opened.push(instance)
    return instance
  }
  const [a, b] = [await open(), await open()]
  return {
    a,
    b,
    time,
    open,
    advance: async (ms) => time.pass(ms),
    async changes() {
      const { events } = await b.database.snapshot((db) => readLogPage(db, { afterSeq: 0, limit: 1_000 }))
      return events.map(({ type, agent_id: agentId, lock }) => ({
        type,
        path: String(lock?.['file_path']),
        token: Number(lock?.['fencing_token']),
        agentId,
      }))
    },
    async close() {
      for (const instance of opened) await instance.close()
      await giveDatabaseFolderBack(folder)
    },
  }
}

const withWorld = (body: (world: EmbeddedWorld) => Promise<void>) => async () => {
  const world = await openWorld()
  await body(world).finally(() => world.close())
}

async function ask(
  { store }: LeaseInstance,
  agentId: string,
  ttlMs = 10_000,
  paths: readonly string[] = [P],
) {
  const request = { requestToken: newId(), agentId, paths, ttlMs, purpose: null, wait: false }
  return (await store.acquire(request)).kind
}

describe('contract', () => leaseStoreContract(openWorld))

for (const jump of [-365 * DAY, -1, 3_600_000, 365 * DAY]) {
  test(
    `a jump of the wall clock by ${jump} ms neither frees nor prolongs a lease`,
    withWorld(async ({ a, b, time }) => {
      expect(await ask(a, 'ann')).toBe('granted')
      time.wallMs += jump
      time.pass(9_999)
      expect((await b.store.find(P)).lease?.agentId).toBe('ann')
      expect(await b.store.count()).toBe(1)
      expect(await ask(b, 'bob')).toBe('held')
      time.pass(1)
      expect((await b.store.find(P)).lease).toBeNull()
      expect(await b.store.count()).toBe(0)
      expect(await ask(b, 'bob')).toBe('granted')
    }),
  )
}

test(
  'after a jump the deadline is shown on the new wall clock',
  withWorld(async ({ a, time }) => {
    await ask(a, 'ann')
    time.wallMs += DAY
    const { lease } = await a.store.find(P)
    expect(Date.parse(lease?.expiresAt ?? '')).toBe(time.wallMs + 10_000)
    const [listed] = await a.store.list({ prefix: null, agentId: null, afterPath: null, limit: 1 })
    expect(listed).toEqual(lease)
  }),
)

test(
  'after a restart of the machine the wall clock decides',
  withWorld(async ({ a, b, time }) => {
    await ask(a, 'ann')
    time.wallMs += 4_000
    time.boot()
    expect(await ask(b, 'bob')).toBe('held')
    time.pass(5_999)
    expect(await ask(b, 'bob')).toBe('held')
    time.pass(1)
    expect(await ask(b, 'bob')).toBe('granted')
  }),
)

test(
  'after a restart with the wall clock set back a lease lasts no longer than its time',
  withWorld(async ({ a, b, time }) => {
    await ask(a, 'ann')
    time.boot()
    time.wallMs -= 365 * DAY
    expect(await b.store.count()).toBe(1)
    expect(await ask(b, 'bob')).toBe('held')
    time.pass(9_999)
    expect(await ask(b, 'bob')).toBe('held')
    time.pass(1)
    expect(await ask(b, 'bob')).toBe('granted')
  }),
)

test(
  'a waiter of before the restart stands in no agent’s way, whatever the wall clock says',
  withWorld(async ({ a, b, time }) => {
    await ask(a, 'ann')
    const request = {
      requestToken: newId(),
      agentId: 'bob',
      paths: [P],
      ttlMs: 10_000,
      purpose: null,
      wait: true,
    }
    expect((await a.store.acquire(request)).kind).toBe('queued')
    time.boot()
    time.wallMs -= DAY
    expect((await b.store.find(P)).waiting).toBe(0)
    time.pass(10_000)
    expect(await ask(b, 'cid')).toBe('held')
    time.pass(10_000)
    expect(await ask(b, 'cid')).toBe('granted')
  }),
)

test(
  'processes that know no common boot judge each other by the wall clock',
  withWorld(async ({ open, time }) => {
    const [one, two] = ['one', 'two'].map((bootId, n) => () => ({
      ...time.now(),
      bootId,
      monotonicMs: time.monotonicMs + n * DAY,
    }))
    const [a, b] = [await open(one), await open(two)]
    expect(await ask(a, 'ann')).toBe('granted')
    expect(await ask(b, 'bob')).toBe('held')
    time.pass(5_000)
    expect(await ask(b, 'bob')).toBe('held')
    expect(await a.store.renew({ agentId: 'ann', paths: [P], token: null, ttlMs: null })).toMatchObject({
      kind: 'done',
    })
    time.pass(9_999)
    expect(await ask(b, 'bob')).toBe('held')
    time.pass(1)
    expect(await ask(b, 'bob')).toBe('granted')
    expect(await a.store.release({ agentId: 'ann', paths: [P], token: null })).toMatchObject({
      reason: 'other_holder',
    })
  }),
)

test(
  'nothing asks the database without a waiter',
  withWorld(async ({ a }) => {
    let asked = 0
    const changeToken = () => {
      asked++
      return a.tables.changeToken()
    }
    const counted = new EmbeddedLeaseStore({ ...a.tables, changeToken, pollMs: 15 }, 'test')
    const wait = {
      requestToken: newId(),
      agentId: 'bob',
      paths: [P],
      ttlMs: 10_000,
      purpose: null,
      wait: true,
    }
    await ask(a, 'ann')
    await counted.acquire(wait)
    const pause = () => new Promise((resolve) => setTimeout(resolve, 60))
    await pause()
    expect(asked).toBe(0)
    const stop = counted.watch(wait, () => {})
    await pause()
    expect(asked).toBeGreaterThan(0)
    stop()
    const before = asked
    await pause()
    expect(asked).toBe(before)
  }),
)

test(
  'leases that ran out long ago are forgotten, live ones never',
  withWorld(async ({ a, b, time }) => {
    const hundred = Array.from({ length: 100 }, (_, n) => `/work/${n}.ts`)
    await ask(a, 'ann', 1_000, ['/work/old-1.ts', '/work/old-2.ts', '/work/old-3.ts'])
    await ask(a, 'ann', 5 * DAY, [P])
    time.pass(2 * DAY)
    for (let n = 0; n < 6; n++) {
      await ask(b, 'bob', 1_000, hundred)
      await b.store.release({ agentId: 'bob', paths: hundred, token: null })
    }
    expect((await b.store.find('/work/old-3.ts')).former).toBeNull()
    expect((await b.store.find(P)).lease?.agentId).toBe('ann')
  }),
)
