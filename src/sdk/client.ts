import type { Arguments, Call, FollowRequest, Resync, Spec } from './calls.ts'
import { Memory, type MemoryEvent } from './catalogue.ts'
import { AgentMemoryError, type RefusalBody } from './error.ts'
import { followEvents } from './events.ts'
import { queryOf, requestOf } from './request.ts'

/** Where the server is, and who asks. */
export interface ClientOptions {
  /** Of `agent-memory serve`, e.g. `https://memory.example.com`. */
  readonly url: string
  /** A key of `agent-memory key create`, or an access token. */
  readonly key?: string
  /** Who calls, on a server without keys. */
  readonly agentId?: string
  /** In place of the global one: for another runtime, a proxy, a test. */
  readonly fetch?: typeof fetch
  /** How often a call that reads is tried again when no server answers, or one says that it is too busy; default 2. */
  readonly retries?: number
}

const PAUSE_MS = 250
const MOST_PAUSE_MS = 5_000

/** A memory on a server, asked over REST. Needs nothing but `fetch`: Node, browsers, workers at the edge. */
export class AgentMemory extends Memory {
  readonly #options: ClientOptions
  readonly #address: string

  constructor(options: ClientOptions) {
    super()
    this.#options = options
    this.#address = new URL(options.url).href.replace(/\/+$/, '')
  }

  override async *follow(request: FollowRequest = {}): AsyncGenerator<MemoryEvent | Resync, void> {
    const { signal: _signal, since: _since, ...filter } = request
    const query = queryOf(Object.entries(filter).filter(([, value]) => value !== undefined))
    yield* followEvents(async (headers, signal) => {
      const accept = { accept: 'text/event-stream', ...headers }
      return answered(await this.#fetch(`/v1/events${query}`, { headers: this.#headers(accept), signal }))
    }, request)
  }

  protected override async send<T>(spec: Spec, input: Arguments, options: Call): Promise<T> {
    const { agentId } = this.#options
    const { method, path, body } = requestOf(spec, {
      ...(agentId !== undefined && { agent_id: agentId }),
      ...input,
    })
    const headers = {
      accept: 'application/json',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(options.ifVersion !== undefined && { 'if-match': `"${options.ifVersion}"` }),
    }
    const init = {
      method,
      headers: this.#headers(headers),
      ...(body !== undefined && { body }),
      ...(options.signal && { signal: options.signal }),
    }
    const tries = spec.reads ? (this.#options.retries ?? 2) : 0
    return this.#tried(() => this.#fetch(path, init), { tries, signal: options.signal })
  }

  /** Nothing that changes something is sent twice: it may have been done. */
  async #tried<T>(
    ask: () => Promise<Response>,
    { tries, signal }: { tries: number; signal: AbortSignal | undefined },
  ): Promise<T> {
    for (let left = tries; ; left--) {
      try {
        const response = await answered(await ask())
        return (await response.json()) as T
      } catch (error) {
        if (left <= 0 || signal?.aborted || !mayPass(error)) throw error
        const wait = error instanceof AgentMemoryError ? error.retryAfterMs : undefined
        await new Promise((resolve) => setTimeout(resolve, Math.min(wait ?? PAUSE_MS, MOST_PAUSE_MS)))
      }
    }
  }

  #fetch(path: string, init: RequestInit): Promise<Response> {
    const { fetch: own = globalThis.fetch } = this.#options
    return own(this.#address + path, init)
  }

  #headers(more: Readonly<Record<string, string>>): Record<string, string> {
    const { key } = this.#options
    return { ...(key !== undefined && { authorization: `Bearer ${key}` }), ...more }
  }
}

async function answered(response: Response): Promise<Response> {
  if (response.ok) return response
  const body = (await response.json().catch(() => ({}))) as { error?: RefusalBody }
  throw new AgentMemoryError(response.status, body.error ?? {})
}

/** Too much at once, a part that is away for a moment, or no server at all. */
function mayPass(error: unknown): boolean {
  if (error instanceof AgentMemoryError) return error.status === 429 || error.status === 503
  return error instanceof TypeError
}
