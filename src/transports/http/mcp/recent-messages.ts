import type { EventStore, JSONRPCMessage } from '@modelcontextprotocol/server'

interface Recent {
  readonly id: string
  readonly streamId: string
  readonly number: number
  readonly message: JSONRPCMessage
  readonly bytes: number
}

const MOST_BYTES = 1024 * 1024
const MOST = 500

/** The last messages of one session, so that a client whose stream broke goes on where it was. Older ones are gone. */
export class RecentMessages implements EventStore {
  #recent: Recent[] = []
  #bytes = 0
  #last = 0

  async storeEvent(streamId: string, message: JSONRPCMessage): Promise<string> {
    const number = ++this.#last
    const id = `${streamId}~${number}`
    const bytes = JSON.stringify(message).length
    this.#recent.push({ id, streamId, number, message, bytes })
    this.#bytes += bytes
    // The newest one stays, however large: its stream may be the one that broke.
    while (this.#recent.length > 1 && (this.#bytes > MOST_BYTES || this.#recent.length > MOST))
      this.#bytes -= this.#recent.shift()?.bytes ?? 0
    return id
  }

  /** The id of the moment: what comes after it is replayed. */
  mark(streamId: string): string {
    return `${streamId}~${this.#last}`
  }

  /** The id says it, also that of a message that is gone. */
  async getStreamIdForEventId(eventId: string): Promise<string | undefined> {
    return streamOf(eventId)
  }

  async replayEventsAfter(
    lastEventId: string,
    { send }: { send: (eventId: string, message: JSONRPCMessage) => Promise<void> },
  ): Promise<string> {
    const { streamId, number } = partsOf(lastEventId) ?? { streamId: '', number: 0 }
    const missed = this.#recent.filter((each) => each.streamId === streamId && each.number > number)
    // A priming event has no message.
    for (const { id, message } of missed) if ('jsonrpc' in message) await send(id, message)
    return streamId
  }
}

/** The stream that the id of a message names. */
export function streamOf(eventId: string): string | undefined {
  return partsOf(eventId)?.streamId
}

function partsOf(eventId: string): { streamId: string; number: number } | undefined {
  const [, streamId, number] = /^(.+)~(\d{1,15})$/.exec(eventId) ?? []
  return streamId === undefined ? undefined : { streamId, number: Number(number) }
}
