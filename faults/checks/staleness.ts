import { Histogram } from '../histogram.ts'
import type { Line, LineOf } from '../history.ts'
import { type Check, ms, type Violation } from './check.ts'
import type { Windows } from './windows.ts'

interface Commit {
  readonly version: number
  /** That there is this version, or a later one, was certain from then on. */
  at: number
  line: Line
}

/** The last time that one process served one old version. */
interface Stale {
  readonly version: number
  readonly us: number
  readonly kinds: readonly string[]
}

export interface StalenessOptions {
  readonly windows: Windows
  /** How old an answer of another instance may be. */
  readonly boundUs: number
}

/** What a busy machine costs where its own lateness does not show it. */
const MARGIN_US = 250_000
const REMEMBERED = 256

/** How long after a commit the version before it is still served elsewhere, by what went wrong meanwhile. */
export class StalenessCheck implements Check {
  readonly byFault = new Map<string, Histogram>()
  readonly #options: StalenessOptions
  readonly #commits = new Map<string, Commit[]>()
  readonly #stale = new Map<string, Map<string, Stale>>()

  constructor(options: StalenessOptions) {
    this.#options = options
  }

  take(line: Line): readonly Violation[] {
    if (line.op === 'wrote' || line.op === 'committed' || line.op === 'heard')
      this.#commit(line, line.entry, { version: line.version, at: line.t })
    if (line.op === 'gone') this.#stale.delete(line.process)
    if (line.op !== 'read') return []
    this.#commit(line, line.entry, { version: line.version, at: line.firstEnd })
    return this.#read(line)
  }

  #commit(line: Line, entry: string, { version, at }: { version: number; at: number }): void {
    const commits = this.#commits.get(entry) ?? []
    this.#commits.set(entry, commits)
    if (version > (commits.at(-1)?.version ?? 0)) commits.push({ version, at, line })
    // Versions are committed in their order: with this one all before it.
    for (let n = commits.length - 1; n >= 0; n--) {
      const commit = commits[n]
      if (!commit || (commit.version <= version && commit.at <= at)) break
      if (commit.version <= version) Object.assign(commit, { at, line })
    }
    if (commits.length > REMEMBERED) commits.splice(0, REMEMBERED / 2)
  }

  #read(line: LineOf<'read'>): Violation[] {
    const next = this.#commits.get(line.entry)?.find(({ version }) => version > line.version)
    const own = this.#stale.get(line.by) ?? new Map<string, Stale>()
    this.#stale.set(line.by, own)
    const before = own.get(line.entry)
    if (before && before.version < line.version) this.#count(before)
    const us = next ? Math.max(0, line.last - next.at) : 0
    const kinds = next ? this.#options.windows.between(next.at, line.last) : []
    own.set(line.entry, { version: line.version, us, kinds })
    if (!next || us <= this.#boundUs()) return []
    const message = `${line.by} served version ${line.version} ${ms(us)} after version ${next.version} was there`
    return [{ rule: 'no answer is too old', message, lines: [next.line, line] }]
  }

  #boundUs(): number {
    const { boundUs, windows } = this.#options
    return boundUs === 0 ? 0 : boundUs + MARGIN_US + windows.slackUs()
  }

  #count({ us, kinds }: Stale): void {
    for (const kind of kinds.length === 0 ? ['nothing wrong'] : kinds) {
      const histogram = this.byFault.get(kind) ?? new Histogram()
      this.byFault.set(kind, histogram)
      histogram.add(us)
    }
  }
}
