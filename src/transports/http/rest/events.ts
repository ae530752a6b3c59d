import type { Context, Hono } from 'hono'
import { type SSEStreamingApi, streamSSE } from 'hono/streaming'
import type { MemoryEvent } from '../../../domain/event.ts'
import { readArguments } from '../../../operations/arguments/read.ts'
import { withRights } from '../../../operations/authorize.ts'
import { list } from '../../../operations/event/list.ts'
import { runOperation } from '../../../operations/run.ts'
import type { EventRequest } from '../../../services/events.ts'
import type { Caller } from '../../../services/running/caller.ts'
import type { HttpEnv, HttpParts } from '../env.ts'
import { HttpProblem } from '../problems.ts'
import { argumentsOf, queryOf } from './arguments.ts'

/** Streams of this process at once: each costs memory for as long as it is open. */
const MOST_STREAMS = 2_000
/** Proxies close a connection on which nothing is said. */
const SIGN_OF_LIFE_MS = 15_000
/** How soon a client that has lost its stream comes again. */
const RETRY_MS = 1_000

/**
 * Events as they happen: `GET /v1/events` with `Accept: text/event-stream`. The number of an event is its id,
 * so a client that comes again with `Last-Event-ID` misses nothing that the log still has; else it gets
 * `resync` and has to read again.
 */
export class EventStreams {
  readonly #parts: HttpParts
  #open = 0

  constructor(parts: HttpParts) {
    this.#parts = parts
  }

  get size(): number {
    return this.#open
  }

  serve(http: Hono<HttpEnv>): void {
    http.get('/v1/events', (c, next) =>
      // The head of a stream would be one that nobody reads, and that never ends.
      c.req.method === 'GET' && takesStream(c.req.header('accept')) ? this.#answer(c) : next(),
    )
  }

  async #answer(c: Context<HttpEnv>): Promise<Response> {
    const { app, ending } = this.#parts
    const args = argumentsOf({ path: {}, query: queryOf(c.req.url), body: {} })
    const since = sinceOf(c.req.header('last-event-id')) ?? args['since']
    const asked = { ...args, ...(since !== undefined && { since }) }
    // Through the pipeline like every call: what is wrong, or too much, is refused before the stream begins.
    const caller = c.get('caller')
    await runOperation(app.pipeline, app.context(caller), list, { ...asked, limit: 1 })
    const { permissions } = app.services
    const known = await withRights(caller, { mode: app.pipeline.permissions, permissions })
    const { input } = await readArguments(list, asked, app.pipeline.now())
    if (this.#open >= MOST_STREAMS) throw tooMany()
    c.header('cache-control', 'no-store')
    c.header('x-accel-buffering', 'no')
    return streamSSE(c, async (stream) => {
      this.#open++
      try {
        await follow(stream, { app, ending, caller: known }, input)
      } finally {
        this.#open--
      }
    })
  }
}

async function follow(
  stream: SSEStreamingApi,
  { app, ending, caller }: Pick<HttpParts, 'app' | 'ending'> & { caller: Caller },
  input: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { events } = app.services
  const request = input as EventRequest
  const since = request.since ?? (await events.newest())
  const ended = Promise.withResolvers<void>()
  stream.onAbort(ended.resolve)
  const end = () => void stream.writeSSE({ event: 'end', data: '{"reason":"ending"}' }).then(ended.resolve)
  // An id alone is no event: a client that loses the stream before the first event misses nothing either.
  await stream.write(`retry: ${RETRY_MS}\nid: ${since}\n\n`)
  const unsubscribe = await events.follow(
    caller,
    { ...request, since },
    async ({ events: found, resync, lastSeq }) => {
      if (resync) await stream.writeSSE({ event: 'resync', data: JSON.stringify({ last_seq: lastSeq }) })
      // In one piece: with many streams each write to a socket costs more than all else.
      const end = found.at(-1)?.seq === lastSeq ? '' : `id: ${lastSeq}\n\n`
      await stream.write(found.map(textOf).join('') + end)
    },
  )
  const timer = setInterval(() => void stream.write(':\n\n'), SIGN_OF_LIFE_MS)
  if (ending.aborted) end()
  ending.addEventListener('abort', end, { once: true })
  await ended.promise
  ending.removeEventListener('abort', end)
  clearInterval(timer)
  unsubscribe()
}

/** Whether an Accept header names event streams, and does not say that it wants none. */
function takesStream(accept = ''): boolean {
  return accept
    .toLowerCase()
    .split(',')
    .map((range) => range.split(';').map((part) => part.trim()))
    .some(
      ([type, ...more]) => type === 'text/event-stream' && !more.some((part) => /^q=0(\.0*)?$/.test(part)),
    )
}

const texts = new WeakMap<MemoryEvent, string>()

/** Made once for all streams that show the event. */
function textOf(event: MemoryEvent): string {
  const text =
    texts.get(event) ?? `event: ${event.type}\ndata: ${JSON.stringify(event)}\nid: ${event.seq}\n\n`
  texts.set(event, text)
  return text
}

function sinceOf(header: string | undefined): number | undefined {
  if (header === undefined || header === '') return undefined
  if (/^\d{1,15}$/.test(header)) return Number(header)
  throw new HttpProblem(400, 'INVALID_PARAMETER', 'Last-Event-ID: expected the id of an event, a number.')
}

function tooMany(): HttpProblem {
  return new HttpProblem(429, 'RATE_LIMITED', `${MOST_STREAMS} streams are open already.`, {
    details: { retry_after_ms: RETRY_MS },
  })
}
