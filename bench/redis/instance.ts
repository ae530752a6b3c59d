import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { openRedis, type RedisCoordination } from '../../src/coordination/redis/open.ts'
import { systemClock } from '../../src/domain/clock.ts'
import { lockAuthority, recordLeases } from '../../src/store/leases/lock-authority.ts'
import { openSqlite } from '../../src/store/sqlite/open.ts'
import { Store } from '../../src/store/store.ts'

/** The coordination of one instance over Redis, without the operations above it. */
export interface BenchInstance {
  readonly redis: RedisCoordination
  readonly store: Store
  close(): Promise<void>
}

/** Several of them on one folder and one server are one deployment. */
export async function openInstance(folder: string, port: number): Promise<BenchInstance> {
  const instanceId = randomUUID()
  const store = new Store(await openSqlite({ path: join(folder, 'memory.db') }), instanceId)
  const redis = await openRedis(
    { ...OPTIONS, port },
    {
      instanceId,
      clock: systemClock,
      entryClock: systemClock,
      database: lockAuthority(store, systemClock),
      onChange: () => {},
      onAway: () => {},
      onBack: () => {},
      onJunk: () => {},
      recordLeases: (changes) => recordLeases(store, changes),
    },
  )
  store.onCommit(async ({ events, versions }) => {
    redis.cache.merge(versions)
    await redis.publish(events)
  })
  return {
    redis,
    store,
    async close() {
      await redis.close()
      await store.close()
    },
  }
}

const OPTIONS = {
  host: '127.0.0.1',
  db: 0,
  tls: false,
  tlsRejectUnauthorized: true,
  connectTimeoutMs: 1_000,
  sentinels: [],
  cluster: false,
  keyPrefix: 'bench:',
  eventChannel: 'bench:events',
  cacheTtlMs: 600_000,
  cacheMaxBytes: 64 << 20,
  maxRetries: 3,
  lockTtlMs: 30_000,
  patienceMs: 2_000,
}
