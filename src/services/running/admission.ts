import type { RateLimiter } from '../../coordination/rate-limiter.ts'
import { AppError } from '../../domain/errors.ts'

const WHOSE = {
  agent: { who: 'This agent has', variable: 'AGENT_MEMORY_RATE_LIMIT_PER_AGENT' },
  global: { who: 'All agents together have', variable: 'AGENT_MEMORY_RATE_LIMIT_GLOBAL' },
} as const

/** Lets a call of that agent in, or throws RATE_LIMITED. */
export type Admit = (agentId: string) => Promise<void>

export function admission(limiter: RateLimiter): Admit {
  return async (agentId) => {
    const refusal = await limiter.take(agentId)
    if (!refusal) return
    const { whose, limit, retryAfterMs } = refusal
    const { who, variable } = WHOSE[whose]
    throw new AppError('RATE_LIMITED', `${who} made the ${limit} calls that a minute has room for.`, {
      details: { retry_after_ms: retryAfterMs, limit, limit_of: whose },
      suggestion: `Wait ${retryAfterMs} ms and call again. ${variable} sets the limit.`,
    })
  }
}
