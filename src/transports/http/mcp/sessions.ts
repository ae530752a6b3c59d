import { randomUUID } from 'node:crypto'
import { type Server, WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/server'
import type { Instance } from '../../../operations/instance.ts'
import type { Caller } from '../../../services/running/caller.ts'
import type { McpRequest } from '../../mcp/request.ts'
import { Subscriptions } from '../../mcp/resources/subscriptions.ts'
import type { MakeServer } from '../../mcp/server.ts'
import { Calls } from '../../mcp/tools/calls.ts'
import { Tools } from '../../mcp/tools/tools.ts'
import type { Identity } from '../guards/access.ts'
import { MOST_BODY_BYTES } from '../guards/body.ts'
import { rpcProblem } from './answers.ts'
import { badInitialize, noSession } from './initialize.ts'
import { OpenStreams } from './open-streams.ts'
import { RecentMessages, streamOf } from './recent-messages.ts'

/** Who may use a session: only the sender that began it. */
export interface Owner {
  /** The identity of its key; without an agent where no key is needed. */
  readonly identity: Identity
  readonly callerOf: (request: McpRequest) => Promise<Caller>
}

interface Session {
  readonly owner: Identity
  readonly recent: RecentMessages
  readonly streams: OpenStreams
  readonly transport: WebStandardStreamableHTTPServerTransport
  readonly server: Server
  readonly calls: Calls
  readonly subscriptions: Subscriptions
  lastUsed: number
  /** Requests under way, streams among them. */
  open: number
}

const MOST_SESSIONS = 1_000
/** A client that comes back later begins anew: it is answered 404, which says so. */
const IDLE_MS = 60 * 60 * 1_000
const LOOK_MS = 60 * 1_000

/** Clients of 2025: each has a session in this process, which is gone with it. */
export class Sessions {
  readonly #app: Instance
  readonly #makeServer: MakeServer
  readonly #sessions = new Map<string, Session>()
  #isEnding = false

  constructor(app: Instance, make: MakeServer) {
    this.#app = app
    this.#makeServer = make
    setInterval(() => this.#dropIdle(), LOOK_MS).unref()
  }

  get size(): number {
    return this.#sessions.size
  }

  /** A request of a session that is not here (another instance's, or of before a restart) is answered 404: begin anew. */
  async fetch(request: Request, parsedBody: unknown, owner: Owner): Promise<Response> {
    const id = request.headers.get('mcp-session-id')
    if (id === null) return this.#begin(request, parsedBody, owner)
    const session = this.#sessions.get(id)
    if (!session || !isSame(session.owner, owner.identity))
      return rpcProblem(404, { code: -32_001, message: 'Session not found: initialize a new one.' })
    return this.#handle(session, request, parsedBody)
  }

  /** What waits gives up, and streams end; what is under way goes on. */
  end(): void {
    this.#isEnding = true
    for (const { calls, transport, subscriptions, streams } of this.#sessions.values()) {
      calls.endWaits()
      subscriptions.closeAll()
      transport.closeStandaloneSSEStream()
      streams.end()
    }
  }

  async #begin(request: Request, parsedBody: unknown, owner: Owner): Promise<Response> {
    if (this.#isEnding) return rpcProblem(503, { code: -32_000, message: 'This server is ending.' })
    if (this.#sessions.size >= MOST_SESSIONS) this.#dropOldest()
    if (this.#sessions.size >= MOST_SESSIONS)
      return rpcProblem(503, { code: -32_000, message: `${MOST_SESSIONS} sessions are in use.` })
    const refusal = await badInitialize(parsedBody)
    if (refusal) return refusal
    const session = await this.#make(owner)
    const answer = await this.#handle(session, request, parsedBody)
    // What was no `initialize` has made none.
    if (session.transport.sessionId !== undefined) return answer
    await session.server.close()
    return answer.status === 400 ? (noSession(request, parsedBody) ?? answer) : answer
  }

  async #make(owner: Owner): Promise<Session> {
    const calls = new Calls(this.#app, { callerOf: owner.callerOf })
    const tools = new Tools(calls, this.#app.config.toolsets)
    const subscriptions = new Subscriptions({ app: this.#app, calls, flushed: async () => {} })
    const made = this.#makeServer({ calls, tools, subscriptions }, { era: 'legacy' })
    const server = 'server' in made ? made.server : made
    const recent = new RecentMessages()
    const streams = new OpenStreams()
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      eventStore: recent,
      retryInterval: RETRY_MS,
      maxRequestBodySize: MOST_BODY_BYTES,
      onsessioninitialized: (id) => void this.#sessions.set(id, session),
      onsessionclosed: (id) => void this.#sessions.delete(id),
    })
    const session: Session = {
      owner: owner.identity,
      recent,
      streams,
      transport,
      server,
      calls,
      subscriptions,
      lastUsed: performance.now(),
      open: 0,
    }
    server.onclose = () => {
      subscriptions.closeAll()
      calls.endWaits()
      streams.end()
    }
    await server.connect(transport)
    return session
  }

  async #handle(session: Session, request: Request, parsedBody: unknown): Promise<Response> {
    session.open++
    const done = () => {
      session.open--
      session.lastUsed = performance.now()
    }
    try {
      const body = parsedBody === undefined ? {} : { parsedBody }
      const response = await answerOf(session, request, body)
      return whenRead(response, done, primer(request, response, session))
    } catch (error) {
      done()
      throw error
    }
  }

  #dropIdle(): void {
    for (const [id, session] of this.#sessions)
      if (session.open === 0 && performance.now() - session.lastUsed > IDLE_MS) this.#drop(id, session)
  }

  #dropOldest(): void {
    const [oldest] = [...this.#sessions]
      .filter(([, { open }]) => open === 0)
      .sort(([, a], [, b]) => a.lastUsed - b.lastUsed)
    if (oldest) this.#drop(...oldest)
  }

  #drop(id: string, { server }: Session): void {
    this.#sessions.delete(id)
    server.close().catch(() => {})
  }
}

/** An agent that has the name of the administrator is not the administrator. */
function isSame(a: Identity, b: Identity): boolean {
  return a.agentId === b.agentId && a.isAdministrator === b.isAdministrator
}

/** The newest connection has a stream: the SDK would refuse it while the one before looks open. */
async function answerOf(
  { transport, streams }: Session,
  request: Request,
  body: { parsedBody?: unknown },
): Promise<Response> {
  const ask = () => transport.handleRequest(request, body)
  if (request.method !== 'GET') return streams.through(await ask())
  const last = request.headers.get('last-event-id')
  const name = (last ? streamOf(last) : undefined) ?? OWN_STREAM
  const response = await ask()
  if (response.status !== CONFLICT) return streams.through(response, name)
  await streams.free(name)
  return streams.through(await ask(), name)
}

const CONFLICT = 409

/** What the SDK calls the stream that a client opens for notifications alone. */
const OWN_STREAM = '_GET_stream'
const RETRY_MS = 1_000

/**
 * The SDK begins the streams of requests with an id, by which a client that loses them comes again, and not the one that is open
 * for notifications alone: without one, what happens before its first message would be lost with it.
 */
function primer({ method, headers }: Request, { status }: Response, { recent }: Session): string | undefined {
  const isNew = method === 'GET' && status === 200 && !headers.has('last-event-id')
  // Older clients take an event without data for a message.
  if (!isNew || (headers.get('mcp-protocol-version') ?? '') < '2025-11-25') return undefined
  return `id: ${recent.mark(OWN_STREAM)}\nretry: ${RETRY_MS}\ndata: \n\n`
}

/** The same answer; `done` when all of it has been read, or its reader is gone. */
export function whenRead(response: Response, done: () => void, first?: string): Response {
  if (!response.body) {
    done()
    return response
  }
  const reader = response.body.getReader()
  const body = new ReadableStream({
    start(controller) {
      if (first !== undefined) controller.enqueue(new TextEncoder().encode(first))
    },
    async pull(controller) {
      const { value, done: isEnd } = await reader.read().catch(() => ({ value: undefined, done: true }))
      if (!isEnd) return controller.enqueue(value)
      controller.close()
      done()
    },
    async cancel(reason) {
      done()
      await reader.cancel(reason)
    },
  })
  const { status, headers } = response
  return new Response(body, { status, headers })
}
