import type { ServerResponse } from 'node:http'

/** Sends events as one stream and ends it. */
export function sendEvents(response: ServerResponse, events: readonly SentEvent[]): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
  for (const { event, data } of events)
    response.write(`${event === undefined ? '' : `event: ${event}\n`}data: ${asText(data)}\n\n`)
  response.end()
}

interface SentEvent {
  readonly event?: string
  readonly data: unknown
}

/** Events that carry their name as `type` too. */
export function typed(data: { readonly type: string } & Record<string, unknown>): SentEvent {
  return { event: data.type, data }
}

function asText(data: unknown): string {
  return typeof data === 'string' ? data : JSON.stringify(data)
}
