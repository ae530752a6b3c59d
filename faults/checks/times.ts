import { SILENT_AFTER_MS } from '../../src/domain/leases/lease.ts'
import { Histogram } from '../histogram.ts'
import type { Held, Line, LineOf } from '../history.ts'
import { type Check, ms, type Violation } from './check.ts'
import type { Windows } from './windows.ts'

interface Open {
  readonly agent: string
  readonly by: string
  readonly kept: boolean
  /** When it was to end, by the answer. */
  end: number
  readonly line: Line
  goneAt: number | undefined
}

/** A waiter whose process is gone is passed over after so long. */
const SILENT_US = 1_000 * SILENT_AFTER_MS
const FREED_US = 100_000
const MARGIN_US = 150_000

/** How fast locks and news go from hand to hand; and that a lock of a killed process is free when its time is up. */
export class TimesCheck implements Check {
  /** From a checkin to the grant of the waiter, while nothing was wrong. */
  readonly handOver = new Histogram()
  /** From a commit to another instance's hearing of it, while nothing was wrong. */
  readonly propagation = new Histogram()
  /** From the end of a killed holder's lock to the grant of the waiter. */
  readonly freed = new Histogram()
  readonly #windows: Windows
  readonly #open = new Map<string, Open>()
  readonly #releasing = new Map<string, LineOf<'releasing'>>()
  readonly #commits = new Map<string, LineOf<'committed'>>()
  /** When a process was killed last: waiters before the one that is granted may have been its own. */
  #lastGoneAt = 0

  constructor(windows: Windows) {
    this.#windows = windows
  }

  take(line: Line): readonly Violation[] {
    switch (line.op) {
      case 'granted':
        return line.locks.flatMap((lock) => this.#granted(lock, line))
      case 'renewed':
        for (const open of this.#openOf(line.path)) if (open.agent === line.agent) open.end = line.ends
        return []
      case 'releasing':
        for (const { path } of line.locks) this.#release(path, line)
        return []
      case 'forcing':
        this.#open.delete(line.path)
        return []
      case 'gone':
        this.#lastGoneAt = line.t
        for (const open of this.#open.values()) if (open.by === line.process) open.goneAt = line.t
        return []
      case 'committed':
        this.#commits.set(line.entry, line)
        return []
      case 'heard':
        this.#heard(line)
        return []
      default:
        return []
    }
  }

  #granted({ path, token }: Held, line: LineOf<'granted'>): Violation[] {
    const released = this.#releasing.get(path)
    this.#releasing.delete(path)
    const isHandOver = released && line.sent < released.t && released.agent !== line.agent
    if (isHandOver && line.locks.length === 1 && this.#isCalm(released.t, line.t))
      this.handOver.add(line.t - released.t)
    const [open] = this.#openOf(path)
    const { agent, by, kept, ends } = line
    this.#open.set(path, { agent, by, kept, end: ends, line, goneAt: undefined })
    return open?.goneAt === undefined || open.agent === agent ? [] : this.#freed(path, token, { open, line })
  }

  #freed(path: string, token: number, { open, line }: { open: Open; line: LineOf<'granted'> }): Violation[] {
    const goneAt = open.goneAt ?? 0
    // One that was kept alive was renewed for its whole length, the last time before its process ended.
    const end = open.kept ? goneAt + (open.end - open.line.t) : open.end
    if (line.sent > end || line.locks.length > 1) return []
    const kinds = this.#windows.between(goneAt, line.t).filter((kind) => !kind.startsWith('kill'))
    if (kinds.length > 0) return []
    this.freed.add(Math.max(0, line.t - end))
    const late = line.t - Math.max(end, this.#lastGoneAt + SILENT_US)
    if (late <= FREED_US + MARGIN_US + this.#windows.slackUs()) return []
    const message = `${path}: token ${token} was granted ${ms(late)} after the lock of the killed ${open.by} was over`
    return [{ rule: 'a killed holder frees its lock', message, lines: [open.line, line] }]
  }

  #release(path: string, line: LineOf<'releasing'>): void {
    this.#open.delete(path)
    this.#releasing.set(path, line)
  }

  #heard(line: LineOf<'heard'>): void {
    const commit = this.#commits.get(line.entry)
    if (!commit || commit.version !== line.version || commit.by === line.by) return
    if (this.#isCalm(commit.t, line.t)) this.propagation.add(line.t - commit.t)
  }

  #isCalm(begin: number, end: number): boolean {
    return this.#windows.between(begin, end).length === 0
  }

  #openOf(path: string): Open[] {
    const open = this.#open.get(path)
    return open ? [open] : []
  }
}
