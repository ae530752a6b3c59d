import type { Percentiles } from './histogram.ts'
import type { OutageResult } from './outage.ts'
import { table, time, whole } from './table.ts'
import type { Speeds } from './work/speeds.ts'

/** The tables for people. */
export function outageText({ memory, before, during, after, closeMs, verdict }: OutageResult): string {
  const { counts } = verdict
  const places = memory[0]?.rssMb.map((_, place) => `instance ${place + 1}`) ?? []
  return [
    table([
      ['memory in MB, after', ...places],
      ...memory.map(({ second, rssMb }) => [`${second} s`, ...rssMb.map(String)]),
    ]),
    table([
      ['p50 / p99', 'with Redis', 'without', 'with it again'],
      ...(['search', 'strong', 'get'] as const).map((name) => [
        NAMES[name],
        ...[before, during, after].map((speeds) => both(speeds[name])),
      ]),
    ]),
    table([
      ['reads', whole(counts.reads)],
      ['writes', whole(counts.writes)],
      ['checkouts refused for want of Redis', whole(counts.unknown)],
      ['close() while Redis answers nothing', closeMs.map(time).join(', ')],
      ['violations', whole(verdict.violationCount)],
    ]),
  ].join('\n\n')
}

export function outageJson({ verdict, ...result }: OutageResult, seed: number): object {
  const { counts, violationCount, violations } = verdict
  return { seed, ...result, counts, violationCount, violations }
}

const NAMES: Readonly<Record<keyof Speeds, string>> = {
  search: 'search, kept',
  strong: 'search, consistency strong',
  get: 'get, from the database',
}

function both({ p50Ms, p99Ms }: Percentiles): string {
  return `${time(p50Ms)} / ${time(p99Ms)}`
}
