import { createParser, type EventSourceMessage } from 'eventsource-parser'
import { key } from '../state/session.ts'
import { authorization, reached, refusalOf } from './rest.ts'

interface Follower {
  readonly take: (message: EventSourceMessage) => void
  readonly open: () => void
}

/**
 * Reads `/v1/events` until it ends or the signal says so. By fetch: an EventSource cannot send a key but in its address. Answers
 * the id from which to go on.
 */
export async function readEvents(
  since: string,
  { take, open }: Follower,
  signal: AbortSignal,
): Promise<string> {
  let last = since
  const sentWith = key.value
  const response = await reached('/v1/events', {
    signal,
    headers: {
      accept: 'text/event-stream',
      ...authorization(),
      ...(since !== '' && { 'last-event-id': since }),
    },
  })
  if (!response.ok || !response.body) throw await refusalOf(response, { sentWith })
  open()
  const parser = createParser({
    onEvent(message) {
      if (message.id) last = message.id
      take(message)
    },
  })
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  try {
    for (;;) {
      const { value, done } = await reader.read()
      if (done) return last
      parser.feed(value)
    }
  } catch {
    // A stream that breaks is gone on with like one that ends.
    return last
  } finally {
    await reader.cancel().catch(() => {})
  }
}
