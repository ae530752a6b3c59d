/** The deployment did what it promises not to do. Any other error only means that a script could not be run. */
export class Violation extends Error {
  override readonly name = 'Violation'
}

/** This deployment gives the script no right to do what the claim needs. */
export class NotRun extends Error {
  override readonly name = 'NotRun'
}

/** Asked for in a way that cannot be done; the message says what to change. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

export function ensure(isTrue: boolean, otherwise: string): asserts isTrue {
  if (!isTrue) throw new Violation(otherwise)
}

/** Asks again and again until the answer fits; a Violation when it does not within that time. */
export async function eventually<T>(
  ask: () => Promise<T>,
  { fits, withinMs, otherwise }: { fits: (answer: T) => boolean; withinMs: number; otherwise: string },
): Promise<T> {
  const deadline = performance.now() + withinMs
  for (;;) {
    const isLast = performance.now() > deadline
    const answer = await ask()
    if (fits(answer)) return answer
    ensure(!isLast, `${otherwise} (${withinMs} ms later: ${JSON.stringify(answer)?.slice(0, 300)})`)
    await sleep(10)
  }
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/** The value below which that share (0 to 1) of the values lies. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

export function milliseconds(value: number): string {
  return `${value.toFixed(value < 10 ? 1 : 0)} ms`
}
