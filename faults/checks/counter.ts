import type { Line, LineOf } from '../history.ts'
import type { Check, Violation } from './check.ts'

type Counted = LineOf<'counted'>

/** The number in a file under a lock: no write is lost, and none comes after that of a later holder. */
export class CounterCheck implements Check {
  readonly #last = new Map<string, Counted>()

  take(line: Line): readonly Violation[] {
    if (line.op !== 'counted') return []
    const before = this.#last.get(line.path)
    const isStale = line.foundToken > line.token
    // A process that was frozen between its last look at the clock and the write: the file would have to refuse that.
    if (line.late) {
      if (!isStale) this.#last.delete(line.path)
      return []
    }
    if (isStale) {
      const message = `${line.path}: token ${line.token} was verified, and the file already has token ${line.foundToken}`
      return [{ rule: 'one writer at a time', message, lines: before ? [before, line] : [line] }]
    }
    this.#last.set(line.path, line)
    if (!before || line.value > before.value) return []
    const message = `${line.path}: ${line.value} was written over ${before.value}: a write is lost`
    return [{ rule: 'one writer at a time', message, lines: [before, line] }]
  }
}
