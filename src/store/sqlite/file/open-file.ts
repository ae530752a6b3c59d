import { statSync } from 'node:fs'
import { AppError } from '../../../domain/errors.ts'

/**
 * The file that the connections were opened on, known by device and inode. SQLite goes on writing into a file that has lost
 * its name, or beside a write-ahead log that others no longer see: what is acknowledged there is gone with the process.
 */
export class OpenFile {
  readonly #path: string
  readonly #file: string | undefined
  #log: string | undefined

  constructor(path: string) {
    this.#path = path
    this.#file = inodeOf(path)
  }

  /** The write-ahead log is made at the first use; from then on it stays until the last connection closes. */
  isReplaced(): boolean {
    if (inodeOf(this.#path) !== this.#file) return true
    const log = inodeOf(`${this.#path}-wal`)
    this.#log ??= log
    return log !== this.#log
  }

  /** Asked inside a write transaction, before its work and before its commit: two system calls each. */
  requireSame(): void {
    if (this.isReplaced()) throw this.replaced()
  }

  replaced(): AppError {
    return new AppError(
      'DATABASE_ERROR',
      `The file ${this.#path} was removed or replaced while the server runs.`,
      {
        suggestion: 'Restart the server: nothing is written to a file that others do not see.',
      },
    )
  }
}

function inodeOf(path: string): string | undefined {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false })
  return stats && `${stats.dev}:${stats.ino}`
}
