import type { Line } from '../history.ts'
import type { Check, Violation } from './check.ts'

/**
 * No agent is granted a lock while the place that keeps them cannot be reached, and several files come all or
 * none.
 */
export class AuthorityCheck implements Check {
  /** Target → since when it is away. */
  readonly #away = new Map<string, Line>()

  take(line: Line): readonly Violation[] {
    if (line.op === 'away') {
      if (line.phase === 'begin') this.#away.set(line.target, line)
      else this.#away.delete(line.target)
    }
    if (line.op === 'granted') return this.#granted(line)
    if (line.op === 'refused') return allOrNone(line)
    return []
  }

  #granted(line: Extract<Line, { op: 'granted' }>): Violation[] {
    const [place = ''] = line.by.split('.')
    const since = this.#away.get('') ?? this.#away.get(place)
    if (!since || line.sent <= since.t) return []
    const paths = line.locks.map((lock) => lock.path).join(', ')
    const message = `${paths} was granted to ${line.agent} while Redis was out of its reach`
    return [{ rule: 'no grant on a guess', message, lines: [since, line] }]
  }
}

/** Of a refusal whose answer was lost either may be true, all or none; but not something between. */
function allOrNone(line: Extract<Line, { op: 'refused' }>): Violation[] {
  const held = line.held.filter((path) => line.paths.includes(path))
  const isUnknown = ['LOCK_STORE_UNAVAILABLE', 'DATABASE_ERROR'].includes(line.error)
  if (held.length === 0 || (isUnknown && held.length === line.paths.length)) return []
  const message = `${line.agent} was refused ${line.paths.join(', ')} (${line.error}) and holds ${held.join(', ')}`
  return [{ rule: 'all files or none', message, lines: [line] }]
}
