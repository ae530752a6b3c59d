/** How many calls in a window (a minute unless said otherwise). 0: as many as they like. */
export interface RateLimits {
  readonly perAgent: number
  /** Of all agents together. */
  readonly global: number
  readonly windowMs?: number
}

export interface RateRefusal {
  readonly whose: 'agent' | 'global'
  readonly limit: number
  /** After this there is room for one call, unless another one takes it. */
  readonly retryAfterMs: number
}

/**
 * Says which calls are too many.
 *
 * Promised: an agent that has been quiet for a window may make a whole window's calls at once, and after that
 * one for each that has become free, evenly over the window; a refused call is not counted, neither for its
 * agent nor for all; what it needs to remember is gone a window later; it never throws, and never waits for
 * long: it would be worse than what it prevents. Not promised: that several processes count together. Over
 * Redis they do, while it can be reached; otherwise each process counts for itself.
 */
export interface RateLimiter {
  /** Counts a call of that agent, or answers why it is one too many. */
  take(agentId: string): Promise<RateRefusal | null>
}

export const MINUTE_MS = 60_000
