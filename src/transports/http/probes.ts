import type { Hono } from 'hono'
import { VERSION } from '../../version.ts'
import type { HttpEnv, HttpParts } from './env.ts'

/** What the probes look at, without what is said to those that have a key. */
interface Look {
  readonly status: string
  /** Which parts are in trouble. */
  readonly parts: readonly string[]
  readonly isReady: boolean
}

/**
 * For the supervisor of the process, without a key: `/health` says whether it works, `/ready` whether to send
 * it more. What is wrong in detail is in `/v1/health`, with one.
 */
export function addProbes(http: Hono<HttpEnv>, { app, ending, log }: HttpParts): void {
  const isRedisRequired = app.config.redis.enabled && app.config.redis.required
  let wasReady = true
  const look = async (): Promise<Look> => {
    const { status, problems, redis } = await app.services.health.check()
    // The sentences say where things are and how they failed.
    const parts = problems.map((problem) => problem.split(':')[0] ?? '')
    const isReady = status !== 'unhealthy' && !(isRedisRequired && redis['connected'] === false)
    // Once for each change, however often a supervisor asks.
    if (isReady !== wasReady) log[isReady ? 'info' : 'warn'](isReady ? 'ready' : 'not_ready', { problems })
    wasReady = isReady
    return { status, parts, isReady }
  }
  http.get('/health', async (c) => {
    const { status, parts } = await look()
    const body = { name: 'agent-memory', version: VERSION, status, problems: parts }
    return c.json(body, status === 'unhealthy' ? 503 : 200, NOT_KEPT)
  })
  http.get('/ready', async (c) => {
    if (ending.aborted) return c.json({ ready: false, reason: 'ending' }, 503, NOT_KEPT)
    const { parts, isReady } = await look()
    if (!isReady) return c.json({ ready: false, reason: parts }, 503, NOT_KEPT)
    return c.json({ ready: true, ...(parts.length > 0 && { degraded: parts }) }, 200, NOT_KEPT)
  })
}

const NOT_KEPT = { 'cache-control': 'no-store' }
