import { AdditionsCheck } from './checks/additions.ts'
import { AnswersCheck } from './checks/answers.ts'
import { AuthorityCheck } from './checks/authority.ts'
import type { Violation } from './checks/check.ts'
import { CounterCheck } from './checks/counter.ts'
import { EventsCheck } from './checks/events.ts'
import { FencesCheck } from './checks/fences.ts'
import { HoldsCheck } from './checks/holds.ts'
import { OrderCheck } from './checks/order.ts'
import { ReadsCheck } from './checks/reads.ts'
import { StalenessCheck } from './checks/staleness.ts'
import { TimesCheck } from './checks/times.ts'
import { Windows } from './checks/windows.ts'
import type { Histogram } from './histogram.ts'
import type { Counts, Line } from './history.ts'

export interface Verdict {
  readonly counts: Counts
  /** Kind → how often. */
  readonly faults: ReadonlyMap<string, number>
  readonly lines: number
  readonly violationCount: number
  /** Rule → how often it was broken. */
  readonly byRule: ReadonlyMap<string, number>
  /** The first ones. */
  readonly violations: readonly Violation[]
  readonly staleness: ReadonlyMap<string, Histogram>
  readonly handOver: Histogram
  readonly propagation: Histogram
  readonly freed: Histogram
  readonly storedAnswers: number
  /** How often each new question reached the database. */
  readonly coldQuestions: readonly number[]
  /** Changes of entries that followers got, all together. */
  readonly followedEvents: number
  /** Acknowledged ones; of them those that shared their transaction with others. */
  readonly additions: number
  readonly sharedAdditions: number
  readonly worstLagMs: number
}

const SHOWN = 20

/** `boundMs`: how old an answer of another instance may be; 0 where not at all. */
export function checkHistory(lines: Iterable<Line>, { boundMs }: { boundMs: number }): Verdict {
  const windows = new Windows()
  const staleness = new StalenessCheck({ windows, boundUs: boundMs * 1_000 })
  const times = new TimesCheck(windows)
  const events = new EventsCheck()
  const additions = new AdditionsCheck()
  const checks = [
    new HoldsCheck(),
    new FencesCheck(),
    new AuthorityCheck(),
    new CounterCheck(),
    new ReadsCheck(),
    staleness,
    times,
    new AnswersCheck(windows),
    events,
    new OrderCheck(),
    additions,
  ]
  const sums = new Sums()
  const violations: Violation[] = []
  const byRule = new Map<string, number>()
  let violationCount = 0
  for (const line of lines) {
    windows.take(line)
    sums.take(line)
    for (const check of checks) {
      for (const violation of check.take(line)) {
        violationCount++
        byRule.set(violation.rule, (byRule.get(violation.rule) ?? 0) + 1)
        if (violations.length < SHOWN) violations.push(violation)
      }
    }
  }
  const { handOver, propagation, freed } = times
  return {
    ...sums.all(),
    followedEvents: events.followed,
    additions: additions.acknowledged,
    sharedAdditions: additions.shared,
    violationCount,
    byRule,
    violations,
    staleness: staleness.byFault,
    handOver,
    propagation,
    freed,
  }
}

class Sums {
  readonly #counts = { lockOps: 0, grants: 0, reads: 0, l1: 0, l2: 0, database: 0, writes: 0, unknown: 0 }
  readonly #faults = new Map<string, number>()
  #lines = 0
  #storedAnswers = 0
  readonly #coldQuestions: number[] = []
  #worstLagMs = 0

  take(line: Line): void {
    this.#lines++
    if (line.op === 'fault' && line.phase === 'end')
      this.#faults.set(line.kind, (this.#faults.get(line.kind) ?? 0) + 1)
    if (line.op === 'stored') this.#storedAnswers += line.looked
    if (line.op === 'cold') this.#coldQuestions.push(line.loads)
    if (line.op !== 'counts') return
    if (line.by === 'run') this.#worstLagMs = Math.max(this.#worstLagMs, line.lagMs)
    for (const [name, count] of Object.entries(line.counts)) this.#counts[name as keyof Counts] += count
  }

  all() {
    return {
      counts: this.#counts,
      faults: this.#faults,
      lines: this.#lines,
      storedAnswers: this.#storedAnswers,
      coldQuestions: this.#coldQuestions,
      worstLagMs: this.#worstLagMs,
    }
  }
}
