const PAUSE_MS = 10

/**
 * Says on the channel that this process has committed: outside of the transactions, since a NOTIFY inside makes all commits of a
 * server wait for each other. The first at once, the next ones together a moment later. What is not said is found by looking.
 */
export class CommitNews {
  readonly #announce: () => Promise<void>
  #isNew = false
  #running: Promise<void> | undefined

  constructor(announce: () => Promise<void>) {
    this.#announce = announce
  }

  committed(): void {
    this.#isNew = true
    this.#running ??= this.#tell().finally(() => {
      this.#running = undefined
    })
  }

  /** When what was committed before has been said. */
  async close(): Promise<void> {
    await this.#running
  }

  async #tell(): Promise<void> {
    while (this.#isNew) {
      this.#isNew = false
      await this.#announce().catch(() => {})
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    }
  }
}
