import { streamOf } from './recent-messages.ts'

interface Place {
  readonly reader: ReadableStreamDefaultReader<Uint8Array>
  /** Set when another connection has taken the stream. */
  left?: PromiseWithResolvers<void>
}

/** How long a connection stays open that has lost its stream: at once, the client of both would come for it again, and again. */
const LEFT_MS = 60_000

/**
 * Which connection reads which stream of a session. One that broke on the way (a proxy gave up, a laptop slept) looks open from here
 * for as long as TCP hopes; the client that comes again must not be told so long that its stream is in use.
 */
export class OpenStreams {
  readonly #places = new Map<string, Place>()
  readonly #left = new Set<Place>()

  /** The same answer, whose stream can be taken by another connection. Without a name it is that of its first message. */
  through(response: Response, name?: string): Response {
    if (!response.body || response.status !== 200) return response
    const place: Place = { reader: response.body.getReader() }
    let known = name
    const take = (found: string | undefined) => {
      known = found
      if (found !== undefined) this.#places.set(found, place)
    }
    const end = () => {
      this.#left.delete(place)
      if (known !== undefined && this.#places.get(known) === place) this.#places.delete(known)
    }
    take(name)
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        const { value, done } = await place.reader.read().catch(() => ({ value: undefined, done: true }))
        if (!done && value) {
          if (known === undefined) take(nameIn(value))
          return controller.enqueue(value)
        }
        await place.left?.promise
        end()
        controller.close()
      },
      async cancel(reason) {
        end()
        await place.reader.cancel(reason)
      },
    })
    const { status, headers } = response
    return new Response(body, { status, headers })
  }

  /** Takes a stream from the connection that has it. */
  async free(name: string): Promise<void> {
    const place = this.#places.get(name)
    if (!place) return
    this.#places.delete(name)
    place.left = Promise.withResolvers()
    this.#left.add(place)
    setTimeout(place.left.resolve, LEFT_MS).unref()
    await place.reader.cancel()
  }

  /** Ends the connections that have lost their stream. */
  end(): void {
    for (const { left } of this.#left) left?.resolve()
  }
}

/** The stream of an event as it is sent. */
function nameIn(event: Uint8Array): string | undefined {
  const [, id] = /^id: (.+)$/m.exec(new TextDecoder().decode(event)) ?? []
  return id === undefined ? undefined : streamOf(id)
}
