import type { Line, LineOf } from '../history.ts'
import { type Check, ms, type Violation } from './check.ts'

/**
 * What one process has learnt of an entry's version: when it first learnt it, and when it last was asked for
 * and served.
 */
interface Seen {
  readonly version: number
  /** When the process knew of it at the latest, by its own write, an event or an answer. */
  known: number
  how: 'wrote' | 'heard' | 'read'
  knownBy: Line
  /** The last question that this version answered. */
  asked: number
  askedBy: Line | undefined
  isReported: boolean
}

const REMEMBERED = 12
const RULES = {
  wrote: 'own writes are read',
  heard: 'nothing older than a received event',
  read: 'answers never go back',
} as const

/** In one process a question never gets an older answer than what the process had written, heard or answered before it. */
export class ReadsCheck implements Check {
  /** Process → entry → versions, the lowest first. */
  readonly #seen = new Map<string, Map<string, Seen[]>>()

  take(line: Line): readonly Violation[] {
    if (line.op === 'gone') this.#seen.delete(line.process)
    if (line.op === 'wrote' || line.op === 'heard')
      return this.#learn(line, { known: line.t, asked: Number.NEGATIVE_INFINITY, how: line.op })
    if (line.op === 'read') return this.#learn(line, { known: line.firstEnd, asked: line.last, how: 'read' })
    return []
  }

  #learn(
    line: LineOf<'wrote' | 'heard' | 'read'>,
    { known, asked, how }: { known: number; asked: number; how: Seen['how'] },
  ): Violation[] {
    const all = this.#of(line.by, line.entry)
    const own = all.find(({ version }) => version === line.version)
    if (!own)
      insert(all, {
        version: line.version,
        known,
        how,
        knownBy: line,
        asked,
        askedBy: line,
        isReported: false,
      })
    else {
      if (known < own.known) Object.assign(own, { known, how, knownBy: line })
      if (asked > own.asked) Object.assign(own, { asked, askedBy: line, isReported: false })
    }
    return violationsAround(all, line.version)
  }

  #of(by: string, entry: string): Seen[] {
    const entries = this.#seen.get(by) ?? new Map<string, Seen[]>()
    this.#seen.set(by, entries)
    const all = entries.get(entry) ?? []
    entries.set(entry, all)
    return all
  }
}

function insert(all: Seen[], seen: Seen): void {
  const place = all.findIndex(({ version }) => version > seen.version)
  all.splice(place === -1 ? all.length : place, 0, seen)
  // The lowest goes, but what it tells is kept by the one above: a version older than this is older than
  // that.
  if (all.length > REMEMBERED) all.shift()
}

/** A version that was served to a question asked after a higher one was known; one of the two is that version. */
function violationsAround(all: readonly Seen[], version: number): Violation[] {
  return all.flatMap((low) => {
    if (low.isReported) return []
    const high = all.find(
      (other) =>
        other.version > low.version &&
        (low.version === version || other.version === version) &&
        low.asked > other.known,
    )
    if (!high) return []
    low.isReported = true
    return [
      {
        rule: RULES[high.how],
        message: `${low.askedBy?.by}: version ${low.version} answered a question that was asked ${ms(low.asked - high.known)} after the process knew of version ${high.version}`,
        lines: low.askedBy ? [high.knownBy, low.askedBy] : [high.knownBy],
      },
    ]
  })
}
