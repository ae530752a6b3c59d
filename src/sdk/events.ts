import { createParser, type EventSourceMessage } from 'eventsource-parser'
import type { FollowRequest, Resync } from './calls.ts'
import type { MemoryEvent } from './catalogue.ts'

/** One request of the stream; throws AgentMemoryError where it is refused. */
export type OpenStream = (headers: Readonly<Record<string, string>>, signal: AbortSignal) => Promise<Response>

const RETRY_MS = 1_000

/**
 * Events over SSE. A stream that breaks, or that a server ended, is opened again where it was, for as long as the caller goes
 * on; a refusal ends it.
 */
export async function* followEvents(
  open: OpenStream,
  { since, signal }: FollowRequest,
): AsyncGenerator<MemoryEvent | Resync, void> {
  const left = new AbortController()
  const either = signal ? AbortSignal.any([signal, left.signal]) : left.signal
  const place = { last: since === undefined ? '' : String(since) }
  try {
    while (!either.aborted) {
      const response = await reached(open, place.last, either)
      if (response?.body) yield* eventsIn(response.body, place)
      if (!either.aborted) await pause(RETRY_MS, either)
    }
  } finally {
    left.abort()
  }
}

/** Undefined where no server answered, or the caller has left. */
async function reached(open: OpenStream, last: string, signal: AbortSignal): Promise<Response | undefined> {
  try {
    return await open(last === '' ? {} : { 'last-event-id': last }, signal)
  } catch (error) {
    // fetch says so of what it did not reach.
    if (error instanceof TypeError || signal.aborted) return undefined
    throw error
  }
}

async function* eventsIn(
  body: ReadableStream<Uint8Array>,
  place: { last: string },
): AsyncGenerator<MemoryEvent | Resync, void> {
  let found: EventSourceMessage[] = []
  const parser = createParser({
    onEvent: (message) => void found.push(message),
  })
  const decoder = new TextDecoder()
  const reader = body.getReader()
  try {
    for (;;) {
      const { value, done } = await reader.read().catch(() => ({ value: undefined, done: true }))
      if (done) return
      const text = decoder.decode(value, { stream: true })
      parser.feed(text)
      for (const message of found.splice(0)) {
        if (message.event === 'end') return
        // Before it is handed on: a caller that leaves the loop in between has had it.
        if (message.id) place.last = message.id
        yield eventOf(message)
      }
      place.last = lastIdIn(text) ?? place.last
    }
  } finally {
    found = []
    await reader.cancel().catch(() => {})
  }
}

function eventOf({ event, data }: EventSourceMessage): MemoryEvent | Resync {
  const value = JSON.parse(data) as MemoryEvent | { last_seq: number }
  return event === 'resync'
    ? { type: 'resync', last_seq: (value as Resync).last_seq }
    : (value as MemoryEvent)
}

/** An id that stands alone says how far the log was read; the parser keeps that to itself. */
function lastIdIn(text: string): string | undefined {
  return [...text.matchAll(/(?:^|\n)id: (\d+)\n\n/g)].at(-1)?.[1]
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
