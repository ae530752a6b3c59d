import type { Line, LineOf } from '../history.ts'
import type { Check, Violation } from './check.ts'
import type { Windows } from './windows.ts'

/** While these last, and a moment longer, the database may be out of reach; of a frozen writer, for all writers. */
const EXCUSES = {
  read: /^PostgreSQL/,
  write: /^(PostgreSQL|freeze an)/,
  lock: /^(PostgreSQL|freeze an)/,
} as const

/** Every answer is right or an error that can be retried, and there is one only where something is away. */
export class AnswersCheck implements Check {
  readonly #windows: Windows

  constructor(windows: Windows) {
    this.#windows = windows
  }

  take(line: Line): readonly Violation[] {
    if (line.op === 'failed') return this.#failed(line)
    if (line.op === 'crashed') {
      const message = `${line.process} ended by itself: ${line.said.slice(0, 500)}`
      return [{ rule: 'no process ends by itself', message, lines: [line] }]
    }
    if (line.op === 'stored' && line.wrong.length > 0) {
      const message = `${line.wrong.length} of ${line.looked} answers in Redis differ from the database: ${line.wrong[0]}`
      return [{ rule: 'stored answers equal the database', message, lines: [line] }]
    }
    // To wait for another instance saves work; on a busy machine the wait is given up, in each process once.
    if (line.op === 'cold' && line.loads > line.processes) {
      const message = `${line.readers} readers of a question that nobody had asked made ${line.loads} searches of the database`
      return [{ rule: 'one load of a process for a cold question', message, lines: [line] }]
    }
    return []
  }

  #failed(line: LineOf<'failed'>): Violation[] {
    const kinds = this.#windows.between(line.sent, line.t)
    const isExcused = kinds.some((kind) => EXCUSES[line.what].test(kind))
    if (isExcused && line.error === 'DATABASE_ERROR') return []
    const message = `${line.by}: a ${line.what} failed with ${line.error} (faults: ${kinds.join(', ') || 'none'})`
    return [{ rule: 'answers or errors that can be retried', message, lines: [line] }]
  }
}
