import { randomBytes } from 'node:crypto'
import {
  isJSONRPCRequest,
  isLegacyRequest,
  type McpHttpHandler,
  ProtocolErrorCode,
} from '@modelcontextprotocol/server'
import type { Caller } from '../../../services/running/caller.ts'
import { answerExactly, parseExactly } from '../../mcp/exact-numbers.ts'
import { withMeantArguments } from '../../mcp/meant-arguments.ts'
import type { McpRequest } from '../../mcp/request.ts'
import { createServer } from '../../mcp/server.ts'
import type { HttpParts } from '../env.ts'
import type { Identity } from '../guards/access.ts'
import { rpcProblem } from './answers.ts'
import { RepeatedCalls } from './repeated-calls.ts'
import { Sessions } from './sessions.ts'
import { handlerFor, ListenStreams } from './streams.ts'

/** Where a request comes from. */
interface Sender {
  readonly identity: Identity
  /** The caller by the connection alone, for requests that belong to nothing else. */
  readonly caller: Caller
}

/** MCP over HTTP: sessions for clients of 2025, single requests and listening streams for those of 2026. */
export class McpEndpoint {
  readonly #agentId: string | undefined
  readonly #sessions: Sessions
  readonly #streams: ListenStreams
  readonly #single: McpHttpHandler
  readonly #senders = new WeakMap<Request, Sender>()
  /** Left out where each call is to be made anew. */
  readonly #repeated: RepeatedCalls | undefined

  constructor({ app, ending, tracing, mcpServer: make = createServer }: HttpParts) {
    this.#agentId = app.config.agentId
    this.#sessions = new Sessions(app, make)
    this.#streams = new ListenStreams(app, make)
    this.#repeated = tracing ? undefined : new RepeatedCalls(app)
    this.#single = handlerFor(
      { app, make, ran: (request, operation) => this.#repeated?.ran(request, operation) },
      (request) => this.#callerOfSingle(request),
    )
    ending.addEventListener('abort', () => this.#end(), { once: true })
  }

  /** What is held open for clients. */
  counts(): { readonly sessions: number; readonly streams: number } {
    return { sessions: this.#sessions.size, streams: this.#streams.size }
  }

  async fetch(given: Request, sender: Sender): Promise<Response> {
    const body = given.method === 'POST' ? await jsonOf(given) : undefined
    if (body instanceof Response) return body
    const request = takingAnything(given)
    const message = body?.value
    const answer = () => this.#answer(request, message, sender)
    const caller = sender.identity.agentId === undefined ? undefined : sender.caller
    const response = await (this.#repeated
      ? this.#repeated.fetch({ request, message, caller, answer })
      : answer())
    return response.status === 406 ? notAcceptable(given.method) : answerExactly(response)
  }

  async #answer(request: Request, message: unknown, sender: Sender): Promise<Response> {
    if (await isLegacyRequest(request, message))
      return this.#sessions.fetch(request, message, {
        identity: sender.identity,
        callerOf: this.#named(sender),
      })
    this.#senders.set(request, sender)
    if (isJSONRPCRequest(message) && message.method === 'subscriptions/listen')
      return this.#streams.fetch(request, message, this.#callerOfSingle(request))
    return this.#single.fetch(request, { parsedBody: message })
  }

  #end(): void {
    this.#sessions.end()
    this.#streams.end()
  }

  /** One agent for a whole session, by its client's name. */
  #named({ identity, caller }: Sender): (request: McpRequest) => Promise<Caller> {
    const mark = randomBytes(4).toString('hex')
    return async ({ clientName }) =>
      identity.agentId === undefined && this.#agentId === undefined
        ? { ...caller, agentId: `${shortName(clientName)}-${mark}` }
        : caller
  }

  /** Requests of 2026 stand alone: they are of one agent as far as they share a connection. */
  #callerOfSingle(request: Request | undefined): (asked: McpRequest) => Promise<Caller> {
    const sender = request && this.#senders.get(request)
    if (!sender) throw new RangeError('a request that nobody has sent')
    return async ({ clientName }) => {
      const { identity, caller } = sender
      if (identity.agentId !== undefined || this.#agentId !== undefined) return caller
      return { ...caller, agentId: caller.agentId.replace(/^.*(?=-[0-9a-f]{8}$)/, shortName(clientName)) }
    }
  }
}

function shortName(clientName = 'client'): string {
  return clientName.trim().slice(0, 200).toWellFormed().replaceAll('\0', '') || 'client'
}

/**
 * The SDK looks for both types by their names, in small letters. A client that takes them by a range, or spells them otherwise, takes
 * them too, as does one that names no type at all. Its body has been read.
 */
function takingAnything(request: Request): Request {
  const accept = request.headers.get('accept') ?? '*/*'
  const taken = TYPES.filter((type) => takes(accept, type))
  const isPlain = taken.every((type) => accept.includes(type))
  if (isPlain || taken.length === 0) return request
  const headers = new Headers(request.headers)
  headers.set('accept', taken.join(', '))
  return new Request(request.url, { method: request.method, headers, signal: request.signal })
}

/** The SDK's own words name no header. */
function notAcceptable(method: string): Response {
  const accept = method === 'GET' ? 'text/event-stream' : TYPES.join(', ')
  const message = `Not Acceptable: send the header "Accept: ${accept}". MCP asks for ${method === 'GET' ? 'it' : 'both types'}, whichever the answer has.`
  return rpcProblem(406, { code: -32_000, message })
}

const TYPES = ['application/json', 'text/event-stream']

/** Whether an Accept header takes that type; `q=0` says that it does not. The narrowest range decides. */
function takes(accept: string, type: string): boolean {
  const ranges = [type, type.replace(/\/.*/, '/*'), '*/*']
  const named = accept.split(',').map((each) => each.split(';').map((part) => part.trim().toLowerCase()))
  for (const range of ranges) {
    const found = named.find(([name]) => name === range)
    if (found) return !found.some((part) => /^q=0(\.0*)?$/.test(part))
  }
  return false
}

async function jsonOf(request: Request): Promise<{ value: unknown } | Response> {
  if (!/^application\/json\s*(;|$)/i.test(request.headers.get('content-type') ?? ''))
    return rpcProblem(415, { code: -32_000, message: 'Content-Type: expected application/json.' })
  const bytes = await request.arrayBuffer()
  try {
    const value = parseExactly(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    return { value: Array.isArray(value) ? value.map(withMeantArguments) : withMeantArguments(value) }
  } catch {
    return rpcProblem(400, { code: ProtocolErrorCode.ParseError, message: 'The body is no JSON (UTF-8).' })
  }
}
