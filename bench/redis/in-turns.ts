import { median } from '../measure.ts'

/** One side of a comparison. */
export interface Subject<Name extends string> {
  readonly name: Name
  readonly work: () => Promise<unknown>
}

export interface Rounds {
  readonly rounds?: number
  readonly each: number
  readonly pauseMs?: number
  readonly warmUps?: number
}

const WARM_UPS = 50

/**
 * Milliseconds of one run of each subject. They take turns in rounds of `each`, so that what else the machine does hits all
 * of them; the figure of each is the median of its rounds. In the pause after a round its subject may end what it left over.
 */
export async function inTurns<Name extends string>(
  subjects: readonly Subject<Name>[],
  { rounds: count = 9, each, pauseMs = 0, warmUps = 0 }: Rounds,
): Promise<Record<Name, number>> {
  for (const { work } of subjects) await repeat(work, Math.min(WARM_UPS, each))
  const rounds = new Map<Name, number[]>(subjects.map(({ name }) => [name, []]))
  for (let round = 0; round < count; round++) {
    for (const { name, work } of subjects) {
      await repeat(work, warmUps)
      rounds.get(name)?.push((await repeat(work, each)) / each)
      if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs))
    }
  }
  return Object.fromEntries([...rounds].map(([name, ms]) => [name, median(ms)])) as Record<Name, number>
}

async function repeat(work: () => Promise<unknown>, times: number): Promise<number> {
  const started = performance.now()
  for (let n = 0; n < times; n++) await work()
  return performance.now() - started
}
