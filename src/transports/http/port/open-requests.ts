import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Unsubscribe } from '../../../services/events.ts'
import type { HttpParts } from '../env.ts'

/** Keys that run out are noticed so late where a stream is open. */
const LOOK_MS = 15_000

interface OpenRequest {
  readonly isStillOpen: () => Promise<boolean>
  readonly cut: () => void
}

/** Requests under way of senders with a key: those whose key is revoked are cut off, streams and waits among them. */
export class OpenRequests {
  readonly #parts: HttpParts
  readonly #open = new Set<OpenRequest>()
  #following: Promise<Unsubscribe> | undefined
  #timer: NodeJS.Timeout | undefined

  constructor(parts: HttpParts) {
    this.#parts = parts
    parts.ending.addEventListener('abort', () => this.#end(), { once: true })
  }

  /** Until it is answered; `isStillOpen` says whether its sender would be let in again. */
  hold(
    { incoming, outgoing }: { incoming: IncomingMessage; outgoing: ServerResponse },
    isStillOpen: () => Promise<boolean>,
  ): void {
    const request = { isStillOpen, cut: () => incoming.socket.destroy() }
    this.#open.add(request)
    outgoing.once('close', () => this.#open.delete(request))
    this.#follow()
  }

  #follow(): void {
    if (this.#following || this.#parts.ending.aborted) return
    const { events } = this.#parts.app.services
    this.#following = events.subscribe((delivery) => {
      if (delivery.resync || delivery.events.some(({ type }) => type === 'key.revoked')) void this.#look()
    })
    // It is tried again with the next request; until then the timer looks.
    this.#following.catch(() => {
      this.#following = undefined
    })
    this.#timer ??= setInterval(() => void this.#look(), LOOK_MS).unref()
  }

  async #look(): Promise<void> {
    for (const request of [...this.#open]) {
      // While the database is away it is unknown whether the key was revoked: the request stays open.
      const isOpen = await request.isStillOpen().catch(() => true)
      if (!isOpen) request.cut()
    }
  }

  #end(): void {
    clearInterval(this.#timer)
    this.#following?.then((unsubscribe) => unsubscribe()).catch(() => {})
  }
}
