import { EmbeddedEventBus } from '../coordination/embedded/event-bus.ts'
import type { LogPage } from '../coordination/event-bus.ts'
import { remedyOf } from '../coordination/redis/connection/errors.ts'
import { openRedis, type RedisCoordination, type RedisOptions } from '../coordination/redis/open.ts'
import { AppError } from '../domain/errors.ts'
import { eventsProbe } from '../services/running/probes.ts'
import { lockAuthority, recordLeases } from '../store/leases/lock-authority.ts'
import type { Coordination, CoordinationParts } from './coordination.ts'
import { eventLog } from './embedded.ts'
import { JUNK_ADVICE, redisEventsProbe, redisLocksProbe, redisProbe } from './redis-probes.ts'

/** How long a start waits for a Redis that it can do without, and a stop for what is under way. */
const START_PATIENCE_MS = 1_500
const STOP_PATIENCE_MS = 500
const CATCH_UP_PATIENCE_MS = 500

/** Cache, locks and the news of events over Redis. The events themselves are read from the database's log. */
export async function openWithRedis(parts: CoordinationParts): Promise<Coordination> {
  const { store, config, clock, instanceId, log } = parts
  // The log may tell of a commit before Redis does: an agent that reads of it there must not get an answer
  // from before it.
  const learn = ({ events }: LogPage) => {
    for (const { versions } of events) redis.cache.merge(new Map(Object.entries(versions)))
  }
  const bus = new EmbeddedEventBus(eventLog(store, learn), {
    pollMs: store.database.pollMs,
    isFed: () => redis.isFeedFresh(),
  })
  const redis = await openRedis(redisOptions(parts), {
    instanceId,
    clock,
    entryClock: store.database.clock,
    database: lockAuthority(store, clock),
    onChange: () => bus.wake(),
    recordLeases: (changes) => recordLeases(store, changes),
    onAway: (error) => log.warn('redis_away', { error, suggestion: remedyOf(error) }),
    onBack: () => log.info('redis_connected'),
    onJunk: (place) => log.warn('redis_junk', { place, suggestion: JUNK_ADVICE }),
  })
  await insist(redis, config.redis.required)
  store.onCommit(async ({ events, versions }) => {
    redis.cache.merge(versions)
    bus.publish(events)
    // An instance that hears from Redis needs no announcement by the database; one that does not looks there
    // at intervals.
    if (!redis.isFeedFresh()) store.database.announceCommit()
    await redis.publish(events)
  })
  store.database.watchCommits(() => bus.wake())
  return {
    cache: redis.cache,
    bus,
    leaseStore: redis.leases,
    originOf: () => redis.origin(),
    rateLimiter: (limits) => redis.rateLimiter(limits),
    probes: {
      redis: redisProbe(redis),
      locks: redisLocksProbe(redis),
      events: redisEventsProbe(
        redis,
        eventsProbe(store, bus, { backend: 'redis', isConnected: () => isFollowed(redis) }),
      ),
    },
    async close(work) {
      await within(STOP_PATIENCE_MS, work)
      await redis.close()
      await work
      await bus.close()
    },
  }
}

/** A process that has just connected catches up first: a look at it waits a moment for that. */
async function isFollowed(redis: RedisCoordination): Promise<boolean> {
  const deadline = performance.now() + CATCH_UP_PATIENCE_MS
  while (!redis.isFeedFresh() && redis.status().connected && performance.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 10))
  return redis.isFeedFresh()
}

/** Until the work is done, or that time is over. A timer that went on would keep the process. */
async function within(patienceMs: number, work: Promise<unknown>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, patienceMs)
  await Promise.race([work, promise]).finally(() => clearTimeout(timer))
}

async function insist(redis: RedisCoordination, required: boolean): Promise<void> {
  const { connected, isForeign, error = 'no answer yet' } = redis.status()
  if (connected || !required) return
  await redis.close()
  const what = isForeign ? 'be used' : 'be reached'
  throw new AppError('LOCK_STORE_UNAVAILABLE', `Redis is required and cannot ${what}: ${error}.`, {
    suggestion: `${remedyOf(error)} Or let AGENT_MEMORY_REDIS_REQUIRED be false: then it starts without and connects later.`,
  })
}

function redisOptions({ config, patience }: CoordinationParts): RedisOptions {
  const { redis, locks, cacheMaxBytes } = config
  const { required, connectTimeoutMs } = redis
  const patienceMs = required ? connectTimeoutMs : Math.min(START_PATIENCE_MS, connectTimeoutMs)
  return { ...redis, cacheMaxBytes, lockTtlMs: locks.ttlMs, patienceMs, ...patience }
}
