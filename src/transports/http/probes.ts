import type { Hono } from 'hono'
import { VERSION } from '../../version.ts'
import type { HttpEnv, HttpParts } from './env.ts'

/**
 * For whoever looks after the process, without a key: `/health` says whether it works, `/ready` whether to send it more. What is
 * wrong in detail is in `/v1/health`, with one.
 */
export function addProbes(http: Hono<HttpEnv>, { app, ending }: Pick<HttpParts, 'app' | 'ending'>): void {
  const look = async () => {
    const { status, problems } = await app.services.health.check()
    // The sentences say where things are and how they failed.
    const parts = problems.map((problem) => problem.split(':')[0] ?? '')
    return { status, parts }
  }
  http.get('/health', async (c) => {
    const { status, parts } = await look()
    const body = { name: 'agent-memory', version: VERSION, status, problems: parts }
    return c.json(body, status === 'unhealthy' ? 503 : 200, NOT_KEPT)
  })
  http.get('/ready', async (c) => {
    if (ending.aborted) return c.json({ ready: false, reason: 'ending' }, 503, NOT_KEPT)
    const { status, parts } = await look()
    const isReady = status !== 'unhealthy'
    return c.json({ ready: isReady, ...(!isReady && { reason: parts }) }, isReady ? 200 : 503, NOT_KEPT)
  })
}

const NOT_KEPT = { 'cache-control': 'no-store' }
