import { mendOf } from '../../coordination/redis/connection/errors.ts'
import type { RedisCoordination } from '../../coordination/redis/open.ts'
import { AppError } from '../../domain/errors.ts'
import type { PartReport, Probe } from './health.ts'

/** Whether Redis can be reached, and where it is. Without it answers come from the database, and nobody gets a lock. */
export function redisProbe(redis: RedisCoordination): Probe {
  const known = () => {
    const { mode, host, port } = redis.status()
    return { enabled: true, host, port, mode }
  }
  return {
    isVital: false,
    down: { enabled: true, connected: false },
    async check() {
      const { connected, error = 'no answer yet' } = redis.status()
      if (!connected)
        return { report: { ...known(), connected, error }, problem: `${error}. ${mendOf(error)}` }
      const { latencyMs } = await redis.probe()
      return { report: { ...known(), connected, latency_ms: Math.round(latencyMs * 1_000) / 1_000 } }
    },
  }
}

/** Locks in Redis, and whether Redis may throw them away. */
export function redisLocksProbe(redis: RedisCoordination): Probe {
  const { backend } = redis.leases
  return {
    isVital: false,
    down: { backend },
    async check() {
      const { connected, error = 'no answer yet' } = redis.status()
      if (!connected)
        throw new AppError('LOCK_STORE_UNAVAILABLE', `Without Redis nobody gets a lock (${error}).`)
      const held = await redis.leases.count()
      const { evictionPolicy } = await redis.probe()
      const report: PartReport = { backend, held }
      if (evictionPolicy === 'noeviction') return { report: { ...report, lock_safety: 'ok' } }
      const reason = `maxmemory-policy is ${evictionPolicy}: when memory is full Redis may delete live locks. Set it to noeviction.`
      return { report: { ...report, lock_safety: 'degraded', reason }, problem: reason }
    },
  }
}
