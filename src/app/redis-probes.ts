import { remedyOf } from '../coordination/redis/connection/errors.ts'
import { OTHER_AUTHORITY, SECOND_AUTHORITY } from '../coordination/redis/leases/expiry-note.ts'
import type { RedisCoordination } from '../coordination/redis/open.ts'
import type { ServerProbe } from '../coordination/redis/server-probe.ts'
import { AppError } from '../domain/errors.ts'
import type { PartReport, Probe } from '../services/running/health.ts'

/**
 * Whether Redis can be reached, and where it is. Without it answers come from the database, and no agent gets
 * a lock.
 */
export function redisProbe(redis: RedisCoordination): Probe {
  const known = () => {
    const { mode, host, port } = redis.status()
    return { enabled: true, host, port, mode }
  }
  return {
    isVital: false,
    down: { enabled: true, connected: false },
    async check() {
      const { connected, isForeign, error = 'no answer yet' } = redis.status()
      if (!connected) {
        const problem = `${error}. ${remedyOf(error)}`
        // It does not pass by itself, and no agent gets a lock until an operator acts.
        return { report: { ...known(), connected, error }, problem, ...(isForeign && { isVital: true }) }
      }
      const server = await redis.probe()
      const latencyMs = Math.round(server.latencyMs * 1_000) / 1_000
      const report = { ...known(), connected, latency_ms: latencyMs, ...memoryOf(server), ...junkOf(redis) }
      const problem = [workProblem(server), memoryProblem(server), junkProblem(redis)]
        .filter((text) => text !== undefined)
        .join(' ')
      return problem === '' ? { report } : { report, problem }
    },
  }
}

/** From here on answers are not kept in Redis any more, so that there is room for locks (scripts/put.lua). */
const FULL_FROM = 0.9

function memoryOf({ usedBytes, maxBytes }: ServerProbe): PartReport {
  if (maxBytes === 0) return {}
  return {
    memory: { used_bytes: usedBytes, max_bytes: maxBytes, used_percent: percent(usedBytes / maxBytes) },
  }
}

function workProblem({ error }: ServerProbe): string | undefined {
  return error === undefined
    ? undefined
    : `Redis answers but does not do its work: ${error}. ${remedyOf(error)}`
}

function memoryProblem({ usedBytes, maxBytes, evictionPolicy }: ServerProbe): string | undefined {
  const share = maxBytes === 0 ? 0 : usedBytes / maxBytes
  if (share < FULL_FROM || evictionPolicy !== 'noeviction') return undefined
  return `Redis has used ${percent(share)} % of its memory: answers are not kept in it any more, and at 100 % nobody gets a new lock. Raise maxmemory of Redis, or lower AGENT_MEMORY_REDIS_CACHE_TTL_MS.`
}

export const JUNK_ADVICE =
  'Something else writes under AGENT_MEMORY_REDIS_KEY_PREFIX: give it another prefix, or this server a password of its own. (Versions, right after a restore of the database, are its own of before: then there is nothing to do.)'

function junkOf(redis: RedisCoordination): PartReport {
  const junk = redis.junk()
  return Object.keys(junk).length === 0 ? {} : { junk }
}

function junkProblem(redis: RedisCoordination): string | undefined {
  const places = Object.entries(redis.junk()).map(([place, count]) => `${place} (${count})`)
  if (places.length === 0) return undefined
  return `Junk was found in Redis and put aside: ${places.join(', ')}. ${JUNK_ADVICE}`
}

function percent(share: number): number {
  return Math.min(Math.round(share * 100), 100)
}

/** Events, and the connection that hears of those of other processes. */
export function redisEventsProbe(redis: RedisCoordination, events: Probe): Probe {
  return {
    ...events,
    async check() {
      const outcome = await events.check()
      const { connected, error = 'no answer yet' } = redis.newsStatus()
      // Without the first connection the part on Redis says it.
      if (connected || !redis.status().connected || outcome.problem !== undefined) return outcome
      const problem = `The connection on which news of other processes is heard cannot be made (${error}): they are seen up to a second late. ${remedyOf(error)}`
      return { report: { ...outcome.report, error }, problem }
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
      const { held, recoveringMs, heldElsewhere, isInCharge } = await redis.lockCondition()
      const { evictionPolicy } = await redis.probe()
      const isKept = evictionPolicy === 'noeviction'
      const report = { backend, held, lock_safety: isKept ? 'ok' : 'degraded', ...recovering(recoveringMs) }
      if (!isInCharge)
        return { report, problem: `Locks are refused here: ${OTHER_AUTHORITY}. ${remedyOf(OTHER_AUTHORITY)}` }
      if (recoveringMs > 0) return { report, problem: recoveryProblem(recoveringMs) }
      if (heldElsewhere > 0) return { report, problem: elsewhereProblem(heldElsewhere) }
      if (isKept) return { report }
      const reason = `maxmemory-policy is ${evictionPolicy}: when memory is full Redis may delete live locks. Set it to noeviction.`
      return { report: { ...report, reason }, problem: reason }
    },
  }
}

function recovering(recoveringMs: number): PartReport {
  return recoveringMs > 0 ? { recovering_ms: recoveringMs } : {}
}

function elsewhereProblem(held: number): string {
  return `${SECOND_AUTHORITY} Until they end (${held}), nobody gets a lock in Redis. Give all instances the same AGENT_MEMORY_REDIS_ settings.`
}

function recoveryProblem(recoveringMs: number): string {
  return `Redis has lost its locks: for ${Math.ceil(recoveringMs / 1_000)} s, until those from before have run out, nobody gets a new one.`
}
