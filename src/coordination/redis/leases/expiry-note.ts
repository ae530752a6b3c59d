import type { Clock } from '../../../domain/clock.ts'
import { AppError } from '../../../domain/errors.ts'
import { RedisAwayError } from '../connection/errors.ts'

/** `outdated`: a later epoch has begun. `taken`: instances without Redis hold leases in the database itself. */
export type NoteOutcome = 'noted' | 'outdated' | 'taken'

/** What it asks of the database: keeps the time in mind, or says why not. */
export type NoteExpiry = (leftMs: number, epoch: number) => Promise<NoteOutcome>

const NOTE_EVERY_MS = 1_000

/**
 * Writes down how long leases may live before their holders get them, a second further than needed: so that
 * in a row of grants about one in a second writes.
 *
 * The database is also where servers meet that both believe to be the one (a master that was put down and does not know it):
 * a later epoch waits for all that was written down before it began, and after that nothing of an earlier one is.
 */
export class ExpiryNote {
  readonly #write: NoteExpiry
  readonly #clock: Clock
  readonly #onOutdated: (reason: Error) => void
  #until = Number.NEGATIVE_INFINITY
  #epoch = ''
  #writing: Promise<void> = Promise.resolve()

  constructor(write: NoteExpiry, options: { clock: Clock; onOutdated: (reason: Error) => void }) {
    this.#write = write
    this.#clock = options.clock
    this.#onOutdated = options.onOutdated
  }

  /** Throws RedisAwayError when the leases, granted in that epoch, must not be given to their holders. */
  note(leftMs: number, epoch: string): Promise<void> {
    const end = this.#clock.monotonic() + leftMs
    if (this.#covers(end, epoch)) return Promise.resolve()
    this.#writing = this.#writing.catch(() => {}).then(() => this.#note(end, epoch))
    return this.#writing
  }

  async #note(end: number, epoch: string): Promise<void> {
    if (this.#covers(end, epoch)) return
    const until = end + NOTE_EVERY_MS
    const outcome = await this.#write(until - this.#clock.monotonic(), Number(epoch))
    if (outcome === 'taken') throw secondAuthority()
    if (outcome === 'noted') {
      this.#until = until
      this.#epoch = epoch
      return
    }
    const reason = new RedisAwayError(OTHER_AUTHORITY)
    this.#onOutdated(reason)
    throw reason
  }

  #covers(end: number, epoch: string): boolean {
    return end <= this.#until && epoch === this.#epoch
  }
}

/** What is wrong while instances of one database have different settings of Redis. */
export const OTHER_AUTHORITY = 'another Redis server, or key prefix, keeps the locks of this database now'

/** What is wrong while instances without Redis hold leases. */
export const SECOND_AUTHORITY =
  'Another instance on this database has Redis switched off and holds file locks in the database.'

function secondAuthority(): AppError {
  return new AppError('LOCK_STORE_UNAVAILABLE', SECOND_AUTHORITY, {
    suggestion:
      'Give all instances the same AGENT_MEMORY_REDIS_ settings; its locks end after their time, then try again.',
  })
}
