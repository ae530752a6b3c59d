import type { EventType } from '../../domain/event.ts'
import { GLOBAL_SCOPE_ID } from '../../domain/scope.ts'
import type { Store } from '../../store/store.ts'

/** A stop does not wait longer for a database that may be the reason for it. */
const PATIENCE_MS = 300

/**
 * Says to the other instances on one server that this one serves, and that it ends. In the log like every
 * event, so that a later reader knows it too. An instance that is killed says nothing.
 */
export class Announcement {
  readonly #store: Store
  readonly #version: string
  #isUp: Promise<void> | undefined

  constructor(store: Store, version: string) {
    this.#store = store
    this.#version = version
  }

  /** Returns at once: the start does not wait for the announcement. */
  up(): void {
    this.#isUp ??= this.#say('instance.up')
  }

  /** In bounded time, whatever is broken. */
  async down(): Promise<void> {
    if (!this.#isUp) return
    const told = this.#isUp.then(() => this.#say('instance.down'))
    await Promise.race([told, new Promise((resolve) => setTimeout(resolve, PATIENCE_MS).unref())])
  }

  /** An instance whose announcement fails still serves. */
  async #say(type: Extract<EventType, `instance.${string}`>): Promise<void> {
    const scope = { type: 'global', id: GLOBAL_SCOPE_ID } as const
    const detail = { version: this.#version }
    await this.#store
      .write(async ({ record }) => record({ type, scope, detail, scopeKeys: [], agentId: 'system' }), {
        changes: 'own rows',
      })
      .catch(() => {})
  }
}
