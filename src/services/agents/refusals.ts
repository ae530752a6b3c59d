import type { Obstacle } from '../../coordination/lease-store.ts'
import type { Clock } from '../../domain/clock.ts'
import type { AppError, ErrorName } from '../../domain/errors.ts'
import { GLOBAL_SCOPE_ID } from '../../domain/scope.ts'
import type { Store } from '../../store/store.ts'

/**
 * The same refusal of the same agent is written down once in this time: an agent that asks again and again
 * writes no row each time.
 */
const AGAIN_MS = 30_000
const MOST_REMEMBERED = 10_000
/** A stop does not wait longer for a database that may be the reason for it. */
const PATIENCE_MS = 1_000

/** Refusals that say something of an agent: not that it mistyped an argument. */
const WRITTEN_DOWN: readonly ErrorName[] = ['PERMISSION_DENIED', 'NOT_LOCK_OWNER', 'SECRET_REFUSED']

/** What a call was refused with; names and ids, never what it held. */
export interface Refusal {
  readonly tool: string
  readonly action: string | null
  readonly error: AppError
}

/**
 * Writes refusals into the log, where agents get them as notices and the audit reads them. No call waits for
 * it.
 */
export class Refusals {
  readonly #store: Store
  readonly #clock: Clock
  /** Which refusal → when it was written down last. */
  readonly #written = new Map<string, number>()
  readonly #pending = new Set<Promise<void>>()

  constructor(store: Store, clock: Clock) {
    this.#store = store
    this.#clock = clock
  }

  /** The agent wants a file that another one has: it was refused it, or it waits. */
  lockWanted(agentId: string, { path, agentId: heldBy, lease }: Obstacle, isWaiting: boolean): void {
    const detail = { file_path: path, held_by: heldBy, outcome: isWaiting ? 'waiting' : 'refused' }
    const token = lease ? { fencing_token: lease.token } : {}
    this.#write('lock.wanted', agentId, { ...detail, ...token }, [heldBy, path])
  }

  callRefused(agentId: string, { tool, action, error }: Refusal): void {
    if (!WRITTEN_DOWN.includes(error.errorName)) return
    const { file_path: path } = error.details ?? {}
    const detail = { tool, ...(action !== null && { action }), error: error.errorName }
    const file = typeof path === 'string' ? { file_path: path } : {}
    this.#write('call.refused', agentId, { ...detail, ...file }, [tool, action, error.errorName, path])
  }

  /** A tool of a client that an enforced guideline has stopped. */
  toolBlocked(agentId: string, tool: string, guidelineIds: readonly string[]): void {
    const detail = { tool, error: 'GUIDELINE', guideline_ids: guidelineIds.slice(0, 10) }
    this.#write('call.refused', agentId, detail, [tool, ...guidelineIds])
  }

  async close(): Promise<void> {
    const timeUp = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS).unref())
    await Promise.race([Promise.allSettled(this.#pending), timeUp])
  }

  #write(
    type: 'lock.wanted' | 'call.refused',
    agentId: string,
    detail: Readonly<Record<string, unknown>>,
    what: readonly unknown[],
  ): void {
    const key = JSON.stringify([type, agentId, ...what])
    const now = this.#clock.monotonic()
    if (now - (this.#written.get(key) ?? Number.NEGATIVE_INFINITY) < AGAIN_MS) return
    if (this.#written.size >= MOST_REMEMBERED) this.#written.clear()
    this.#written.set(key, now)
    const scope = { type: 'global', id: GLOBAL_SCOPE_ID } as const
    const written = this.#store
      .write(async ({ record }) => record({ type, scope, detail, scopeKeys: [], agentId }), {
        changes: 'own rows',
      })
      .catch(() => {})
    this.#pending.add(written)
    void written.finally(() => this.#pending.delete(written))
  }
}
