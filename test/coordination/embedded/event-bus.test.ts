import { describe, expect, test } from 'vitest'
import { EmbeddedEventBus } from '../../../src/coordination/embedded/event-bus.ts'
import type { EventBus, EventLog, LogPage } from '../../../src/coordination/event-bus.ts'
import type { MemoryEvent } from '../../../src/domain/event.ts'
import { lastSeq, readLogPage } from '../../../src/store/change-log.ts'
import { Store } from '../../../src/store/store.ts'
import { type EventBusHandle, eventBusContract, type OpenEventBuses } from '../../contract/event-bus.ts'
import { giveDatabaseFolderBack, openTestDatabase, takeDatabaseFolder } from '../../support/database.ts'

const CHANGE = {
  type: 'vote.recorded',
  scope: { type: 'global', id: 'global' },
  scopeKeys: [],
  agentId: 'test',
} as const

/** One process' worth of bus and store. */
async function openHandle(folder: string, maxBehind: number): Promise<EventBusHandle & { store: Store }> {
  const store = new Store(await openTestDatabase(folder), 'test')
  const log: EventLog = {
    readAfter: (afterSeq, limit) => store.snapshot((db) => readLogPage(db, { afterSeq, limit })),
    lastSeq: () => store.read(lastSeq),
    changeToken: () => store.database.changeToken(),
  }
  const { database } = store
  // A database that announces commits is asked no sooner than it says.
  const bus = new EmbeddedEventBus(log, {
    pollMs: database.type === 'sqlite' ? 2 : database.pollMs,
    maxBehind,
  })
  database.watchCommits(() => bus.wake())
  let last = 0
  store.onCommit(({ events }) => {
    last = events.at(-1)?.seq ?? last
    bus.publish(events)
  })
  return {
    bus,
    store,
    async commit(count = 1) {
      await store.write(async ({ record }) => {
        for (let i = 0; i < count; i++) record(CHANGE)
      })
      return last
    },
  }
}

const openTwo: OpenEventBuses = async ({ maxBehind }) => {
  const folder = await takeDatabaseFolder()
  const [a, b] = [await openHandle(folder, maxBehind), await openHandle(folder, maxBehind)]
  return {
    a,
    b,
    async trim(upToSeq) {
      await a.store.write(({ db }) => db.deleteFrom('change_log').where('id', '<=', upToSeq).execute())
    },
    async close() {
      for (const { bus, store } of [a, b]) {
        await bus.close()
        await store.close()
      }
      await giveDatabaseFolderBack(folder)
    },
  }
}

describe('embedded', () => {
  eventBusContract(openTwo)
})

/** A log whose reads the test answers one by one, so that commits can fall into any gap. */
class ScriptedLog implements EventLog {
  end = 0
  token: number | null = 0
  failing: 'nothing' | 'reads' | 'everything' = 'nothing'
  readonly #held: (() => void)[] = []
  isHolding = false
  reads = 0

  async readAfter(seq: number, limit: number): Promise<LogPage> {
    this.reads++
    if (this.failing !== 'nothing') throw new Error('disk I/O error')
    const page = { events: events(seq, Math.min(this.end, seq + limit)), lastSeq: this.end, hasGap: false }
    if (this.isHolding) await new Promise<void>((resolve) => this.#held.push(resolve))
    return page
  }

  async lastSeq(): Promise<number> {
    return this.end
  }

  changeToken(): number | null {
    if (this.failing === 'everything') throw new Error('disk I/O error')
    return this.token
  }

  /** Lets the reads that are under way finish. */
  release(): void {
    this.isHolding = false
    for (const resolve of this.#held.splice(0)) resolve()
  }
}

function events(after: number, upTo: number): MemoryEvent[] {
  return Array.from({ length: upTo - after }, (_, i) => {
    const seq = after + i + 1
    const rest = { type: 'vote.recorded', versions: {}, agent_id: 'a', instance_id: 'i', at: '' } as const
    return { v: 1, id: `${seq}`, seq, scope: { type: 'global', id: null }, ...rest }
  })
}

/** All that does not wait for a timer or the test has happened. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/** What is published only says that there is something to read. */
const NEWS = events(0, 1)

async function listen(log: ScriptedLog) {
  const bus: EventBus = new EmbeddedEventBus(log, { pollMs: 1 })
  const seqs: number[] = []
  let check = () => {}
  const subscribe = () =>
    bus.subscribe((delivery) => {
      seqs.push(...delivery.events.map((event) => event.seq))
      check()
    })
  const unsubscribe = await subscribe()
  const heard = (count: number) =>
    new Promise<void>((resolve) => {
      check = () => seqs.length >= count && resolve()
      check()
    })
  return { bus, seqs, heard, subscribe, unsubscribe }
}

describe('what only this bus does', () => {
  test('a commit that falls into a read that began before it is not missed, nor by one who could share that read', async () => {
    const log = new ScriptedLog()
    const { bus, seqs, heard } = await listen(log)
    const slow: number[] = []
    const gate = Promise.withResolvers<void>()
    await bus.subscribe(async (delivery) => {
      await gate.promise
      slow.push(...delivery.events.map((event) => event.seq))
    })
    log.end = 1
    bus.publish(NEWS)
    await heard(1)
    // Woken without news: the quick one is done, the slow one will read again from 1, and begins to.
    bus.publish(NEWS)
    await settled()
    log.isHolding = true
    gate.resolve()
    await settled()
    log.end = 2
    bus.publish(NEWS)
    await settled()
    log.release()
    await heard(2)
    await settled()
    expect([seqs, slow]).toEqual([
      [1, 2],
      [1, 2],
    ])
    await bus.close()
  })

  test('a subscriber that unsubscribes during a read gets nothing of it', async () => {
    const log = new ScriptedLog()
    const { bus, seqs, unsubscribe } = await listen(log)
    await settled()
    log.isHolding = true
    log.end = 1
    bus.publish(NEWS)
    unsubscribe()
    log.release()
    await settled()
    expect(seqs).toEqual([])
    await bus.close()
  })

  test('subscribers at one place share one read', async () => {
    const log = new ScriptedLog()
    const { bus, heard, subscribe } = await listen(log)
    for (let i = 0; i < 9; i++) await subscribe()
    await settled()
    const before = log.reads
    log.end = 1
    bus.publish(NEWS)
    await heard(10)
    expect(log.reads - before).toBe(1)
    await bus.close()
  })

  test.each(['reads', 'everything'] as const)(
    'a log whose %s fail is said to be away, tried again, and lost nothing',
    async (what) => {
      const log = new ScriptedLog()
      const { bus, seqs, heard } = await listen(log)
      await settled()
      log.failing = what
      log.end = 2
      bus.publish(NEWS)
      await settled()
      expect(bus.isConnected()).toBe(false)
      log.failing = 'nothing'
      await heard(2)
      expect(seqs).toEqual([1, 2])
      expect(bus.isConnected()).toBe(true)
      await bus.close()
    },
  )

  test.each([1, null])('another process is noticed by the token (%j)', async (token) => {
    const log = new ScriptedLog()
    const { bus, seqs, heard } = await listen(log)
    log.end = 1
    log.token = token
    await heard(1)
    expect(seqs).toEqual([1])
    await bus.close()
  })

  test('nothing is asked of the database while there is no subscriber', async () => {
    const log = new ScriptedLog()
    const { bus, unsubscribe } = await listen(log)
    unsubscribe()
    const before = log.reads
    let asked = 0
    log.changeToken = () => ++asked
    bus.publish(NEWS)
    await new Promise((resolve) => setTimeout(resolve, 10))
    expect([log.reads, asked]).toEqual([before, 0])
    await bus.close()
  })
})
