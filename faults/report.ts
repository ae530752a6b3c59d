import type { Violation } from './checks/check.ts'
import { Histogram } from './histogram.ts'
import type { Counts } from './history.ts'
import type { PartResult } from './run-part.ts'
import { table, time, whole } from './table.ts'

/** The tables for people. */
export function reportText(results: readonly PartResult[]): string {
  // What can be added up is told of all parts together as well.
  const counted = (name: string, count: (result: PartResult) => number) => {
    const counts = results.map(count)
    return [name, ...[...counts, ...(results.length > 1 ? [sum(counts)] : [])].map(whole)]
  }
  const names = results.map(({ part }) => (part.usesLibraries ? 'libraries' : part.topology))
  return [
    table([
      ['', ...names, ...(results.length > 1 ? ['together'] : [])],
      ['instances', ...results.map(({ part }) => whole(part.instances))],
      counted('seconds', ({ part }) => part.seconds),
      ...COUNTS.map(([name, key]) => counted(name, ({ counts }) => counts[key])),
      counted('  of them additions', ({ additions }) => additions),
      counted('    that shared a transaction', ({ sharedAdditions }) => sharedAdditions),
      counted('faults', ({ faults }) => sum(faults.values())),
      counted('answers in Redis compared', ({ storedAnswers }) => storedAnswers),
      counted('events that followers were told of', ({ followedEvents }) => followedEvents),
      ['searches for each cold question', ...results.map(({ coldQuestions }) => coldQuestions.join(' '))],
      ['longest close()', ...results.map(({ closeMs }) => time(Math.max(0, ...closeMs)))],
      ["the machine's own lateness, max", ...results.map(({ worstLagMs }) => time(worstLagMs))],
      counted('violations', ({ violationCount }) => violationCount),
      ...ruleRows(results),
    ]),
    ...results.map(timesTable),
  ].join('\n\n')
}

/** A violation with its lines. */
export function violationText({ rule, message, lines }: Violation): string {
  return [`${rule}: ${message}`, ...lines.map((line) => `    ${JSON.stringify(line)}`)].join('\n')
}

/** The same for programs. */
export function reportJson(results: readonly PartResult[], seed: number): object {
  return {
    seed,
    parts: results.map((result) => ({
      topology: result.part.topology,
      instances: result.part.instances,
      seconds: result.part.seconds,
      counts: result.counts,
      faults: Object.fromEntries(result.faults),
      violations: result.violationCount,
      byRule: Object.fromEntries(result.byRule),
      shown: result.violations,
      additions: result.additions,
      sharedAdditions: result.sharedAdditions,
      storedAnswers: result.storedAnswers,
      coldQuestions: result.coldQuestions,
      closeMs: result.closeMs,
      handOver: result.handOver.percentiles(),
      propagation: result.propagation.percentiles(),
      freed: result.freed.percentiles(),
      staleness: Object.fromEntries(
        [...result.staleness].map(([kind, histogram]) => [kind, histogram.percentiles()]),
      ),
    })),
  }
}

function ruleRows(results: readonly PartResult[]): string[][] {
  const rules = new Set(results.flatMap(({ byRule }) => [...byRule.keys()]))
  return [...rules].map((rule) => [`  ${rule}`, ...results.map(({ byRule }) => whole(byRule.get(rule) ?? 0))])
}

const COUNTS: readonly (readonly [name: string, key: keyof Counts])[] = [
  ['lock operations', 'lockOps'],
  ['  checkouts granted', 'grants'],
  ['lock operations without an answer', 'unknown'],
  ['reads', 'reads'],
  ['  from the process', 'l1'],
  ['  from Redis', 'l2'],
  ['  from the database', 'database'],
  ['writes', 'writes'],
]

function timesTable(result: PartResult): string {
  const rows = [
    timesRow('hand-over of a lock', '', result.handOver),
    timesRow('news of a commit', '', result.propagation),
    timesRow('lock of a killed holder', '', result.freed),
  ]
  const kinds = new Set([...result.staleness.keys(), ...result.faults.keys()])
  const stale = [...kinds].sort().map((kind) => {
    const count = result.faults.get(kind)
    return timesRow(
      kind,
      count === undefined ? '' : whole(count),
      result.staleness.get(kind) ?? new Histogram(),
    )
  })
  const head = (name: string) => [name, 'faults', 'samples', 'p50', 'p99', 'max']
  return [
    table([head(`${result.part.topology}: times`), ...rows]),
    table([head(`${result.part.topology}: older answers elsewhere, after`), ...stale]),
  ].join('\n\n')
}

function timesRow(name: string, faults: string, histogram: Histogram): string[] {
  const { count, p50Ms, p99Ms, maxMs } = histogram.percentiles()
  if (count === 0) return [name, faults, '0', '-', '-', '-']
  return [name, faults, whole(count), time(p50Ms), time(p99Ms), time(maxMs)]
}

function sum(values: Iterable<number>): number {
  return [...values].reduce((total, value) => total + value, 0)
}
