import type { Store } from '../../store/store.ts'
import type { Audit } from './audit.ts'

/** Changes of so long are sealed together. */
const SEAL_AFTER_MS = 1_000
/** A stop does not wait longer for a database that may be the reason for it. */
const PATIENCE_MS = 300
/** A process that is over at once leaves so many to the next one. */
const LEFT_BEHIND = 50

/**
 * Seals the rows that this instance has written, a moment later; another instance, or a reader of the audit,
 * seals what is left.
 */
export class Sealer {
  readonly #audit: Audit
  #timer: NodeJS.Timeout | undefined
  #work: Promise<void> = Promise.resolve()
  #newest = 0
  #isLasting = false

  constructor(store: Store, audit: Audit) {
    this.#audit = audit
    store.onCommit(({ events }) => {
      this.#newest = events.at(-1)?.seq ?? this.#newest
      if (events.length > 0) this.#soon()
    })
  }

  /** This process goes on serving. */
  start(): void {
    this.#isLasting = true
    this.#soon()
  }

  async close(): Promise<void> {
    const isDue = this.#timer !== undefined && (this.#isLasting || this.#newest % LEFT_BEHIND === 0)
    clearTimeout(this.#timer)
    if (isDue) this.#seal()
    await Promise.race([this.#work, new Promise((resolve) => setTimeout(resolve, PATIENCE_MS).unref())])
  }

  #soon(): void {
    this.#timer ??= setTimeout(() => this.#seal(), SEAL_AFTER_MS).unref()
  }

  /** What cannot be sealed now is sealed with the next change. */
  #seal(): void {
    this.#timer = undefined
    this.#work = this.#work
      .then(() => this.#audit.seal())
      .then(
        () => {},
        () => {},
      )
  }
}
