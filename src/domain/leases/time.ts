/** One reading of the clocks that leases are judged by. */
export interface Moment {
  /** Names the boot that `monotonicMs` counts in: two readings compare only within one boot. */
  readonly bootId: string
  readonly monotonicMs: number
  /** Epoch milliseconds. May jump. */
  readonly wallMs: number
}

/** An instant that was fixed in one boot and may be looked at in another. */
export type Instant = Moment

export function later(now: Moment, ms: number): Instant {
  return { bootId: now.bootId, monotonicMs: now.monotonicMs + ms, wallMs: now.wallMs + ms }
}

/**
 * What is left until `deadline`, 0 when it has passed. In one boot a jump of the wall clock changes nothing; across boots
 * only the wall clock is left to ask, and `longest` bounds what a jump of it could add.
 */
export function remainingMs(deadline: Instant, now: Moment, longest: number): number {
  return Math.max(0, Math.min(-sinceMs(deadline, now), longest))
}

/** How long ago `past` was; negative for what is still to come. */
export function sinceMs(past: Instant, now: Moment): number {
  return past.bootId === now.bootId ? now.monotonicMs - past.monotonicMs : now.wallMs - past.wallMs
}

/** Small differences are rounding; above this the wall clock was set. */
const JUMP_MS = 1_000

/** Epoch milliseconds of `deadline` as the wall clock shows them now. */
export function wallTimeOf(deadline: Instant, now: Moment): number {
  const shown = now.wallMs - sinceMs(deadline, now)
  return Math.abs(shown - deadline.wallMs) < JUMP_MS ? deadline.wallMs : shown
}
