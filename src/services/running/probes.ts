import type { Cache } from '../../coordination/cache.ts'
import type { EventBus } from '../../coordination/event-bus.ts'
import { lastSeq } from '../../store/change-log.ts'
import { countEntries } from '../../store/entries/counts.ts'
import type { Store } from '../../store/store.ts'
import type { Embeddings } from '../embeddings/embeddings.ts'
import type { Probe } from './health.ts'

/** The database: that it answers, how fast, and that an embedded one's file is still where it was. */
export function databaseProbe(store: Store): Probe {
  const { type, schemaVersion, place } = store.database
  const known = { type, schema_version: schemaVersion, ...place }
  return {
    isVital: true,
    down: { ...known, connected: false },
    async check() {
      const started = performance.now()
      await store.read(lastSeq)
      const latencyMs = milliseconds(performance.now() - started)
      const pool = store.database.pool()
      const report = { ...known, connected: true, latency_ms: latencyMs, ...(pool && { pool }) }
      const gone = store.database.placeProblem()
      if (gone !== null) return { report, problem: `${gone} Restart the server.` }
      const problem = await store.database.writeProblem()
      // What was stored can still be read.
      return problem === null ? { report } : { report, problem, isVital: false }
    },
  }
}

/** Said as it is while nothing is configured, so that an operator who looks for Redis finds the answer. */
export const redisOffProbe: Probe = {
  isVital: false,
  down: { enabled: false, connected: false },
  check: async () => ({ report: { enabled: false, connected: false } }),
}

export function cacheProbe(cache: Cache): Probe {
  return { isVital: false, down: {}, check: async () => ({ report: { ...cache.stats() } }) }
}

/**
 * The bus reports whether it can follow other processes; without subscribers it has no reason to complain.
 */
export function eventsProbe(
  store: Store,
  bus: EventBus,
  { backend, isConnected = async () => true }: { backend: string; isConnected?: () => Promise<boolean> },
): Probe {
  return {
    isVital: false,
    down: { backend, connected: false },
    async check() {
      const connected = bus.isConnected() && (await isConnected())
      const reason = store.database.pollingReason()
      const polling = reason === null ? {} : { news: 'polling', news_reason: reason }
      const report = { backend, last_seq: await store.read(lastSeq), connected, ...polling }
      if (bus.isConnected()) return { report }
      return {
        report,
        problem: 'Events of other processes cannot be followed; it is tried again all the time.',
      }
    },
  }
}

/** A model that fails costs searches nothing but its vectors: it is named, and nothing is unhealthy. */
export function searchProbe(store: Store, embeddings: Embeddings): Probe {
  const index = store.database.searchIndex.kind
  return {
    isVital: false,
    down: { index },
    async check() {
      const state = await embeddings.state()
      const report = { index, ...(await store.read(countEntries)), embeddings: state }
      return state.error === undefined ? { report } : { report, problem: state.error }
    },
  }
}

function milliseconds(value: number): number {
  return Math.round(value * 1000) / 1000
}
