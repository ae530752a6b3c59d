import { Histogram } from './histogram.ts'
import type { Counts } from './history.ts'
import type { PartResult } from './run-part.ts'

const whole = (value: number) => value.toLocaleString('en-US')
const time = (ms: number) =>
  ms >= 1_000 ? `${(ms / 1000).toFixed(2)} s` : `${ms.toFixed(ms < 10 ? 1 : 0)} ms`

/** The tables for people. */
export function reportText(results: readonly PartResult[]): string {
  return [
    table([
      ['', ...results.map(({ part }) => part.topology)],
      ['instances', ...results.map(({ part }) => whole(part.instances))],
      ['seconds', ...results.map(({ part }) => whole(part.seconds))],
      ...countRows(results),
      ['faults', ...results.map(({ faults }) => whole(sum(faults.values())))],
      ['answers in Redis compared', ...results.map(({ storedAnswers }) => whole(storedAnswers))],
      ['cold questions, one search each', ...results.map(({ coldQuestions }) => whole(coldQuestions))],
      ['longest close()', ...results.map(({ closeMs }) => time(Math.max(0, ...closeMs)))],
      ["the machine's own lateness, max", ...results.map(({ worstLagMs }) => time(worstLagMs))],
      ['violations', ...results.map(({ violationCount }) => whole(violationCount))],
    ]),
    ...results.map(timesTable),
  ].join('\n\n')
}

/** Every violation with its lines. */
export function violationText({ violations, part }: PartResult): string {
  return violations
    .map(({ rule, message, lines }) =>
      [`${part.topology}: ${rule}: ${message}`, ...lines.map((line) => `    ${JSON.stringify(line)}`)].join(
        '\n',
      ),
    )
    .join('\n')
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
      shown: result.violations,
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

function countRows(results: readonly PartResult[]): string[][] {
  const rows: [name: string, key: keyof Counts][] = [
    ['lock operations', 'lockOps'],
    ['  checkouts granted', 'grants'],
    ['lock operations without an answer', 'unknown'],
    ['reads', 'reads'],
    ['  from the process', 'l1'],
    ['  from Redis', 'l2'],
    ['  from the database', 'database'],
    ['writes', 'writes'],
  ]
  return rows.map(([name, key]) => [name, ...results.map(({ counts }) => whole(counts[key]))])
}

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

/** Columns as wide as their longest cell; numbers to the right. */
function table(rows: readonly string[][]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function sum(values: Iterable<number>): number {
  return [...values].reduce((total, value) => total + value, 0)
}
