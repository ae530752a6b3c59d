import type { Line } from '../history.ts'
import type { Check, Violation } from './check.ts'

interface Acknowledged {
  readonly sent: number
  readonly line: Line
}

/** At the end of a run: of two changes of one scope, the one that was asked for after the other was answered stands later in the log. */
export class OrderCheck implements Check {
  /** By entry and version. */
  readonly #acknowledged = new Map<string, Acknowledged>()
  /** Scope key → the change among those before that was asked for last. */
  readonly #latest = new Map<string, Acknowledged>()

  take(line: Line): readonly Violation[] {
    if (line.op === 'wrote' || line.op === 'added')
      this.#acknowledged.set(`${line.entry} ${line.version}`, { sent: line.sent, line })
    if (line.op !== 'log') return []
    return line.rows.flatMap(({ seq, entry, version, versions }) => {
      const change = this.#acknowledged.get(`${entry} ${version}`)
      return change ? Object.keys(versions).flatMap((key) => this.#next(key, seq, change)) : []
    })
  }

  #next(key: string, seq: number, change: Acknowledged): Violation[] {
    const latest = this.#latest.get(key)
    if (!latest || change.sent > latest.sent) this.#latest.set(key, change)
    if (!latest || change.line.t >= latest.sent) return []
    const message = `event ${seq} of ${key} was answered before one was asked for that stands before it`
    return [{ rule: 'events are in the order of their scope', message, lines: [change.line, latest.line] }]
  }
}
