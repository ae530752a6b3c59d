import { backoffMs } from '../../database.ts'
import { isAway, isCollision, isRestedTooLong, isStalePlan, OtherTablesError } from './errors.ts'

/** A restart takes so long; a server that is away for longer is down. */
const RESTART_MS = 3_000
const RECONNECT_PAUSE_MS = 50

/**
 * When a call is worth trying again: in a collision always, and where this process was too slow for its own transaction; of a server that
 * is away only while it may be restarting.
 */
export class RetryRule {
  #awaySince: number | undefined

  afterMs(error: unknown, tries: number): number | null {
    if (
      error instanceof OtherTablesError ||
      isCollision(error) ||
      isStalePlan(error) ||
      isRestedTooLong(error)
    )
      return backoffMs(tries)
    if (!isAway(error)) return null
    this.#awaySince ??= performance.now()
    return performance.now() - this.#awaySince < RESTART_MS ? RECONNECT_PAUSE_MS * (1 + Math.random()) : null
  }

  /** The server took a connection, or answered on one. */
  reached(): void {
    this.#awaySince = undefined
  }
}
