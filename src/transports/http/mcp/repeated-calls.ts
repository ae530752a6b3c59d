import { hash } from 'node:crypto'
import { CallReads, watched } from '../../../domain/reading/call-reads.ts'
import type { Operation } from '../../../operations/define.ts'
import type { Instance } from '../../../operations/instance.ts'
import type { Caller } from '../../../services/running/caller.ts'
import { type Counted, givenAgain, sinceMs } from '../given-again.ts'

interface KeptCall extends Counted {
  readonly headers: Readonly<Record<string, string>>
  /** The answer up to the id of its request, which stands last. */
  readonly beforeId: string
}

/** A call, and what would answer it. */
interface Asked {
  readonly request: Request
  readonly message: unknown
  /** The caller that its key has named; undefined where there is none. */
  readonly caller: Caller | undefined
  readonly answer: () => Promise<Response>
}

/**
 * Answers calls of tools that are repeated word by word but for their id, without the server that the SDK makes for each. The name of
 * a call has its agent, all that the SDK reads of its headers, and its message; the answer is found while all that it was made of holds.
 */
export class RepeatedCalls {
  readonly #app: Instance
  readonly #ran = new WeakMap<Request, Operation>()

  constructor(app: Instance) {
    this.#app = app
  }

  /** The operation that this request has run, without a refusal. */
  ran(request: Request | undefined, operation: Operation): void {
    if (request) this.#ran.set(request, operation)
  }

  async fetch({ request, message, caller, answer }: Asked): Promise<Response> {
    const started = performance.now()
    const call = caller && callIn(message)
    if (!call) return answer()
    const name = nameOf(caller, request, call.rest)
    // Whatever is in the way here is in the way there too, and refused as it should be.
    const kept = await givenAgain<KeptCall>(this.#app, name).catch(() => undefined)
    if (!kept) {
      const anew = async () => this.#keep(await answer(), { id: call.id, request, caller })
      return watched(new CallReads(name), anew)
    }
    const { tool, action, headers, beforeId } = kept
    const { agentId } = kept.caller
    this.#app.pipeline.record({ tool, action, agentId, durationMs: sinceMs(started) })
    return new Response(`${beforeId}${JSON.stringify(call.id)}}`, { headers })
  }

  /** The same answer; kept where it may be given again. */
  async #keep(
    response: Response,
    { id, request, caller }: { id: Id; request: Request; caller: Caller },
  ): Promise<Response> {
    const operation = this.#ran.get(request)
    const headers = Object.fromEntries(response.headers)
    if (!operation?.isRepeatable || response.status !== 200 || headers['content-type'] !== JSON_TYPE)
      return response
    const text = await response.text()
    const end = `,"id":${JSON.stringify(id)}}`
    if (text.endsWith(end)) {
      const { tool, action } = operation
      const beforeId = `${text.slice(0, -end.length)},"id":`
      this.#app.services.wholeAnswers.keep({ headers, beforeId, caller, tool, action })
    }
    return new Response(text, { status: 200, headers })
  }
}

type Id = string | number
type Json = Readonly<Record<string, unknown>>

const JSON_TYPE = 'application/json'

/** A call of a tool that hears of no progress: its id, and all the rest of it. */
function callIn(message: unknown): { id: Id; rest: Json } | undefined {
  if (!isObject(message) || message['method'] !== 'tools/call' || !isObject(message['params']))
    return undefined
  const { id, ...rest } = message
  const meta = message['params']['_meta']
  if (isObject(meta) && meta['progressToken'] !== undefined) return undefined
  return typeof id === 'string' || Number.isSafeInteger(id) ? { id: id as Id, rest } : undefined
}

function nameOf(caller: Caller, { headers }: Request, rest: Json): string {
  const read = [...headers].filter(([name]) => name === 'accept' || name.startsWith('mcp-'))
  return hash('sha256', JSON.stringify([MCP, caller, read, rest]), 'base64url')
}

/** Sets its names apart from those of REST. */
const MCP = 'mcp'

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
