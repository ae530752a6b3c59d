import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openRedis, type RedisCoordination, type RedisOptions } from '../../../src/coordination/redis/open.ts'
import { type Clock, systemClock } from '../../../src/domain/clock.ts'
import { readLogPage } from '../../../src/store/change-log.ts'
import { lockAuthority, recordLeases } from '../../../src/store/leases/lock-authority.ts'
import { openSqlite } from '../../../src/store/sqlite/open.ts'
import { Store } from '../../../src/store/store.ts'
import type { LeaseInstance, Reported } from '../../contract/lease-store.ts'
import { newPrefix, RedisProbe, removeKeys, sharedRedisUrl } from '../../support/redis.ts'
import { until } from '../../support/until.ts'

/** One instance: a store on a file of its own choice and the coordination over Redis. */
export interface RedisInstance extends LeaseInstance {
  readonly id: string
  readonly redis: RedisCoordination
  readonly database: Store
}

export interface RedisWorld {
  readonly a: RedisInstance
  readonly b: RedisInstance
  readonly prefix: string
  /** Places of junk that any instance spoke of. */
  readonly junk: readonly string[]
  /** All changes of holders so far, once they are written down. */
  changes(): Promise<Reported[]>
  open(options?: Partial<RedisOptions>): Promise<RedisInstance>
  close(): Promise<void>
}

export const isConnected = ({ redis }: RedisInstance) => redis.status().connected

/** Redis loses what it holds; each instance has noticed, and has put back what it had granted. */
export async function untilNoticed(
  instances: readonly RedisInstance[],
  lose: () => Promise<unknown>,
): Promise<void> {
  const epochOf = ({ redis }: RedisInstance) => redis.origin().epoch ?? 0
  const before = Math.max(...instances.map(epochOf))
  await lose()
  await until('all are connected in a later epoch', () =>
    instances.every((instance) => epochOf(instance) > before && isConnected(instance)),
  )
}

/** Two instances on one database file and one Redis, the shared one unless `url` says another. */
export async function openRedisWorld({
  url = sharedRedisUrl(),
  clock = systemClock,
  ...options
}: Partial<RedisOptions> & { clock?: Clock } = {}): Promise<RedisWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'agent-memory-redis-'))
  const prefix = options.keyPrefix ?? newPrefix()
  // The shared one is there, however slowly it answers.
  const patience = url === sharedRedisUrl() ? { answerMs: 120_000 } : {}
  const opened: RedisInstance[] = []
  const junk: string[] = []
  const open = async (more: Partial<RedisOptions> = {}) => {
    const id = randomUUID()
    const database = new Store(await openSqlite({ path: join(folder, 'm.db') }), id)
    const redis = await openRedis(
      { ...DEFAULTS, ...patience, url, keyPrefix: prefix, ...options, ...more },
      {
        instanceId: id,
        clock,
        entryClock: clock,
        database: lockAuthority(database, clock),
        onChange: () => {},
        onAway: () => {},
        onBack: () => {},
        onJunk: (place) => junk.push(place),
        recordLeases: (changes) => recordLeases(database, changes),
      },
    )
    database.onCommit(({ versions }) => redis.cache.merge(versions))
    const instance = {
      id,
      redis,
      database,
      store: redis.leases,
      async close() {
        await redis.close()
        await database.close()
      },
    }
    opened.push(instance)
    return instance
  }
  const [a, b] = [await open(), await open()]
  return {
    a,
    b,
    prefix,
    junk,
    async changes() {
      const cli = await RedisProbe.connect(url)
      const count = () => cli.send('ZCARD', `${prefix}lock:outbox`)
      await until('the changes of holders are written down', async () => (await count()) === 0)
      cli.close()
      const { events } = await b.database.snapshot((db) => readLogPage(db, { afterSeq: 0, limit: 1_000 }))
      return events.map(({ type, agent_id: agentId, lock }) => ({
        type,
        path: String(lock?.['file_path']),
        token: Number(lock?.['fencing_token']),
        agentId,
      }))
    },
    open,
    async close() {
      for (const instance of opened) await instance.close()
      rmSync(folder, { recursive: true, force: true })
      if (url === sharedRedisUrl()) await removeKeys(prefix, url)
    },
  }
}

const DEFAULTS: RedisOptions = {
  host: '127.0.0.1',
  port: 6379,
  db: 0,
  tls: false,
  tlsRejectUnauthorized: true,
  connectTimeoutMs: 60_000,
  sentinels: [],
  cluster: false,
  keyPrefix: '',
  eventChannel: 'agentmem:events',
  cacheTtlMs: 60_000,
  cacheMaxBytes: 1 << 20,
  maxRetries: 3,
  lockTtlMs: 30_000,
  patienceMs: 60_000,
}
