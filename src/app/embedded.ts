import { EmbeddedCache } from '../coordination/embedded/cache.ts'
import { EmbeddedEventBus } from '../coordination/embedded/event-bus.ts'
import { LOCKS_IN_REDIS } from '../coordination/embedded/lease-acquire.ts'
import { EmbeddedLeaseStore } from '../coordination/embedded/lease-store.ts'
import type { LeaseTables } from '../coordination/embedded/lease-tables.ts'
import { EmbeddedRateLimiter } from '../coordination/embedded/rate-limiter.ts'
import type { EventLog, LogPage } from '../coordination/event-bus.ts'
import { leaseEvent } from '../domain/leases/lease-event.ts'
import type { Moment } from '../domain/leases/time.ts'
import type { Probe } from '../services/running/health.ts'
import { eventsProbe, redisOffProbe } from '../services/running/probes.ts'
import type { Reader } from '../store/access.ts'
import { lastSeq, readLogPage, readVersions } from '../store/change-log.ts'
import { bootClock } from '../store/leases/boot-clock.ts'
import { databaseMoment, leaseReads, leaseWrites } from '../store/leases/leases.ts'
import type { Store } from '../store/store.ts'
import type { Coordination, CoordinationParts } from './coordination.ts'

/** Cache, locks and events on the database alone. */
export function openEmbedded({ store, config, clock, patience }: CoordinationParts): Coordination {
  const { database } = store
  const source = {
    changeToken: () => database.changeToken(),
    readVersions: (keys: readonly string[]) => store.read((db) => readVersions(db, keys)),
  }
  const cache = new EmbeddedCache(source, { maxBytes: config.cacheMaxBytes, clock: database.clock })
  const bus = new EmbeddedEventBus(eventLog(store), { pollMs: database.pollMs })
  const leaseStore = new EmbeddedLeaseStore(
    leaseTables(store, bootClock(clock)),
    database.type,
    patience.silentAfterMs,
  )
  store.onCommit(({ events, versions }) => {
    cache.merge(versions)
    bus.publish(events)
    database.announceCommit()
  })
  database.watchCommits(() => {
    bus.wake()
    leaseStore.look()
  })
  return {
    cache,
    bus,
    leaseStore,
    rateLimiter: (limits) => new EmbeddedRateLimiter(limits, clock),
    probes: {
      redis: redisOffProbe,
      locks: embeddedLocksProbe(leaseStore),
      events: eventsProbe(store, bus, { backend: database.type }),
    },
    close: async (work) => {
      await work
      await bus.close()
    },
  }
}

/** Locks in the database, and whether instances with Redis stand in their way. */
function embeddedLocksProbe(leases: EmbeddedLeaseStore): Probe {
  const { backend } = leases
  return {
    isVital: false,
    down: { backend },
    async check() {
      const [held, leftMs] = await Promise.all([leases.count(), leases.refusesForMs()])
      const report = { backend, held }
      if (leftMs === 0) return { report }
      const seconds = Math.ceil(leftMs / 1_000)
      const problem = `Locks are refused here for ${seconds} s, longer if locks are taken in Redis: ${LOCKS_IN_REDIS} Give all instances the same AGENT_MEMORY_REDIS_ settings, or end the others.`
      return { report, problem }
    },
  }
}

/** The store's log as a bus follows it. `onRead` has every page before a subscriber gets it. */
export function eventLog(store: Store, onRead: (page: LogPage) => void = () => {}): EventLog {
  return {
    async readAfter(afterSeq, limit) {
      const page = await store.snapshot((db) => readLogPage(db, { afterSeq, limit }))
      onRead(page)
      return page
    },
    lastSeq: () => store.read(lastSeq),
    changeToken: () => store.database.changeToken(),
  }
}

/** The store's lease tables, as the embedded lease store works on them. */
function leaseTables(store: Store, machineClock: () => Moment): LeaseTables {
  const { database } = store
  const now = async (db: Reader) => (await databaseMoment(database, db)) ?? machineClock()
  return {
    read: (fn) => store.snapshot((db) => fn({ ...leaseReads(db), now: () => now(db) })),
    write: (fn) =>
      store.write(
        ({ db, record }) =>
          fn({ ...leaseWrites(db), now: () => now(db), record: (change) => record(leaseEvent(change)) }),
        { changes: 'leases', line: 'leases' },
      ),
    changeToken: () => database.changeToken(),
    pollMs: database.pollMs,
  }
}
