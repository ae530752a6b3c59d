/** Time as an argument, so that tests own it. */
export interface Clock {
  /** Wall clock, epoch milliseconds. May jump. */
  now(): number
  /** Milliseconds that never go back while this machine is up; the same for all its processes. */
  monotonic(): number
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => Number(process.hrtime.bigint() / 1_000_000n),
}

/** The time of what comes after `earlier` (ISO 8601): the clock may have jumped back, a history never does. */
export function isoTimeAfter(earlier: string, epochMs: number): string {
  return isoTime(Math.max(epochMs, Date.parse(earlier)))
}

/** Epoch milliseconds as the ISO 8601 UTC text that results carry. */
export function isoTime(epochMs: number): string {
  return new Date(epochMs).toISOString()
}
