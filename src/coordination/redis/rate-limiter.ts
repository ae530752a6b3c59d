import type { Clock } from '../../domain/clock.ts'
import { EmbeddedRateLimiter } from '../embedded/rate-limiter.ts'
import { MINUTE_MS, type RateLimiter, type RateLimits, type RateRefusal } from '../rate-limiter.ts'
import type { RedisLink } from './connection/link.ts'
import type { RedisKeys } from './keys.ts'
import { loadScript } from './script.ts'

export interface RateLimiterParts {
  readonly link: RedisLink
  readonly keys: RedisKeys
  readonly clock: Clock
}

const DEADLINE_MS = 100
const AWAY = 'away'

/**
 * The calls of all instances, counted in Redis: one round trip a call, none for what this process alone has made too many of.
 * While Redis is away each process counts for itself.
 */
export class RedisRateLimiter implements RateLimiter {
  readonly #parts: RateLimiterParts
  readonly #limits: RateLimits
  readonly #own: EmbeddedRateLimiter
  readonly #script = loadScript('rate')

  constructor(parts: RateLimiterParts, limits: RateLimits) {
    this.#parts = parts
    this.#limits = limits
    this.#own = new EmbeddedRateLimiter(limits, parts.clock)
  }

  async take(agentId: string): Promise<RateRefusal | null> {
    const refusal = this.#own.check(agentId)
    if (refusal) return refusal
    const answer = await this.#ask(agentId).catch((): typeof AWAY => AWAY)
    if (answer === AWAY) return this.#own.take(agentId)
    if (!answer) this.#own.count(agentId)
    return answer
  }

  async #ask(agentId: string): Promise<RateRefusal | null | typeof AWAY> {
    const { link, keys } = this.#parts
    const inForce = this.#inForce(agentId)
    if (inForce.length === 0) return null
    if (!link.status().connected) return AWAY
    const windowUs = String((this.#limits.windowMs ?? MINUTE_MS) * 1_000)
    const names = inForce.map(({ key }) => keys.rate(key))
    const args = [windowUs, ...inForce.map(({ limit }) => String(limit))]
    const [place, retryAfterMs] = (await link.run(this.#script, names, () => args, DEADLINE_MS)) as number[]
    const refusing = inForce[(place ?? 0) - 1]
    return refusing ? { whose: refusing.whose, limit: refusing.limit, retryAfterMs: retryAfterMs ?? 0 } : null
  }

  #inForce(agentId: string) {
    const { perAgent, global } = this.#limits
    const all = [
      { whose: 'agent', limit: perAgent, key: `agent:${agentId}` },
      { whose: 'global', limit: global, key: 'global' },
    ] as const
    return all.filter(({ limit }) => limit > 0)
  }
}
