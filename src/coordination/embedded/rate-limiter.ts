import type { Clock } from '../../domain/clock.ts'
import { MINUTE_MS, type RateLimiter, type RateLimits, type RateRefusal } from '../rate-limiter.ts'

const SWEEP_FROM = 1_024

/** The calls of this process. */
export class EmbeddedRateLimiter implements RateLimiter {
  readonly #limits: RateLimits
  readonly #clock: Clock
  readonly #windowUs: number
  /**
   * When each agent may make a whole window's calls again, in µs; an agent that is not in here may do so now.
   */
  readonly #agents = new Map<string, number>()
  #global = 0
  #sweepAt = SWEEP_FROM

  constructor(limits: RateLimits, clock: Clock) {
    this.#limits = limits
    this.#clock = clock
    this.#windowUs = (limits.windowMs ?? MINUTE_MS) * 1_000
  }

  async take(agentId: string): Promise<RateRefusal | null> {
    const refusal = this.check(agentId)
    if (!refusal) this.count(agentId)
    return refusal
  }

  /** Whether a call would be one too many. */
  check(agentId: string): RateRefusal | null {
    const { perAgent, global } = this.#limits
    return (
      this.#refusal('agent', perAgent, this.#agents.get(agentId) ?? 0) ??
      this.#refusal('global', global, this.#global)
    )
  }

  /** Counts a call that another limiter has let through. */
  count(agentId: string): void {
    const { perAgent, global } = this.#limits
    if (global > 0) this.#global = this.#after(this.#global, global)
    if (perAgent > 0) this.#agents.set(agentId, this.#after(this.#agents.get(agentId) ?? 0, perAgent))
    if (this.#agents.size >= this.#sweepAt) this.#forgetQuiet()
  }

  #refusal(whose: RateRefusal['whose'], limit: number, freeAt: number): RateRefusal | null {
    if (limit === 0) return null
    const waitUs = this.#after(freeAt, limit) - this.#now - this.#windowUs
    return waitUs <= 0 ? null : { whose, limit, retryAfterMs: Math.ceil(waitUs / 1_000) }
  }

  /** As in scripts/rate.lua. */
  #after(freeAt: number, limit: number): number {
    return Math.max(freeAt, this.#now) + Math.floor(this.#windowUs / limit)
  }

  get #now(): number {
    return this.#clock.monotonic() * 1_000
  }

  #forgetQuiet(): void {
    for (const [agentId, freeAt] of this.#agents) if (freeAt <= this.#now) this.#agents.delete(agentId)
    this.#sweepAt = Math.max(SWEEP_FROM, this.#agents.size * 2)
  }
}
