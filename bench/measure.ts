/** Milliseconds of each of `times` runs. */
export async function timeEach(times: number, work: (index: number) => Promise<unknown>): Promise<number[]> {
  const measured: number[] = []
  for (let index = 0; index < times; index++) {
    const started = performance.now()
    await work(index)
    measured.push(performance.now() - started)
  }
  return measured
}

/** The value below which that share (0 to 1) of the values lies. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

export const median = (values: readonly number[]) => percentile(values, 0.5)

/** A duration in the unit that reads best. */
export function duration(ms: number): string {
  if (ms >= 1000) return `${(ms / 1000).toFixed(2)} s`
  return ms >= 1 ? `${ms.toFixed(ms >= 100 ? 0 : 2)} ms` : `${(ms * 1000).toFixed(1)} µs`
}

export const ratio = (value: number) => `${value.toFixed(value >= 10 ? 0 : 2)} ×`
