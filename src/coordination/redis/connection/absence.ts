import type { RedisLink } from './link.ts'

/** A connection that is back within this time was not worth a word. */
const BRIEF_MS = 1_000

interface Listener {
  readonly onAway: (error: string) => void
  readonly onBack: () => void
}

/** Tells once of each time without a connection, and once of its end. */
export class Absence {
  readonly #link: RedisLink
  readonly #listener: Listener
  #timer: NodeJS.Timeout | undefined
  #isSaid = false

  constructor(link: RedisLink, listener: Listener) {
    this.#link = link
    this.#listener = listener
    link.onLost(() => {
      this.#timer ??= setTimeout(() => this.look(), BRIEF_MS).unref()
    })
    link.onReady(() => this.#end())
  }

  /** Says it now, if it is so and was not said. */
  look(): void {
    const { connected, error = 'no answer yet' } = this.#link.status()
    if (connected || this.#isSaid) return
    this.#isSaid = true
    this.#listener.onAway(error)
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#isSaid = true
  }

  #end(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#isSaid) this.#listener.onBack()
    this.#isSaid = false
  }
}
