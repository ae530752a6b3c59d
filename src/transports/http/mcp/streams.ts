import { createMcpHandler, type JSONRPCRequest, type McpHttpHandler } from '@modelcontextprotocol/server'
import type { Operation } from '../../../operations/define.ts'
import type { Instance } from '../../../operations/instance.ts'
import type { Caller } from '../../../services/running/caller.ts'
import { listenRefusal, listenRequest, wishOf } from '../../mcp/listening.ts'
import type { McpRequest } from '../../mcp/request.ts'
import { Subscriptions } from '../../mcp/resources/subscriptions.ts'
import type { MakeServer } from '../../mcp/server.ts'
import { Calls } from '../../mcp/tools/calls.ts'
import { Tools } from '../../mcp/tools/tools.ts'
import { rpcProblem } from './answers.ts'
import { whenRead } from './sessions.ts'

type CallerOf = (request: McpRequest) => Promise<Caller>

type Ran = (request: Request | undefined, operation: Operation) => void

const MOST_STREAMS = 1_000

/** Clients of 2026 that listen: each stream has its own subscriptions, and a handler of the SDK that knows only this one. */
export class ListenStreams {
  readonly #app: Instance
  readonly #make: MakeServer
  readonly #open = new Set<() => void>()

  constructor(app: Instance, make: MakeServer) {
    this.#app = app
    this.#make = make
  }

  get size(): number {
    return this.#open.size
  }

  async fetch(request: Request, message: JSONRPCRequest, callerOf: CallerOf): Promise<Response> {
    if (this.#open.size >= MOST_STREAMS)
      return rpcProblem(503, { code: -32_000, message: `${MOST_STREAMS} streams are open.` })
    const calls = new Calls(this.#app, { callerOf })
    const subscriptions = new Subscriptions({ app: this.#app, calls, flushed: async () => {} })
    const begun = Promise.withResolvers<void>()
    const handler = handlerFor({ app: this.#app, make: this.#make }, () => callerOf)
    subscriptions.tellOver(after(begun.promise, handler))
    const end = () => {
      if (!this.#open.delete(end)) return
      subscriptions.closeAll()
      handler.close().catch(() => {})
    }
    this.#open.add(end)
    try {
      await subscriptions.open(message.id, wishOf(message), listenRequest(message))
      const response = await handler.fetch(request, { parsedBody: message })
      begun.resolve()
      return whenRead(response, end)
    } catch (error) {
      end()
      return Response.json(listenRefusal(message, error))
    }
  }

  end(): void {
    for (const end of [...this.#open]) end()
  }
}

/** The SDK's handler for requests of 2026; each has a server of its own. */
export function handlerFor(
  { app, make, ran }: { app: Instance; make: MakeServer; ran?: Ran },
  callerOf: (request: Request | undefined) => CallerOf,
): McpHttpHandler {
  return createMcpHandler(
    (ctx) => {
      const { requestInfo } = ctx
      const calls = new Calls(app, {
        callerOf: callerOf(requestInfo),
        ...(ran && { ran: (operation) => ran(requestInfo, operation) }),
      })
      const tools = new Tools(calls, app.config.toolsets)
      const subscriptions = new Subscriptions({ app, calls, flushed: async () => {} })
      return make({ calls, tools, subscriptions }, ctx)
    },
    { legacy: 'reject' },
  )
}

/** Sends no notification before the client listens. */
function after(begun: Promise<void>, { notify }: McpHttpHandler) {
  return {
    async sendResourceListChanged() {
      await begun
      notify.resourcesChanged()
    },
    async sendResourceUpdated({ uri }: { uri: string }) {
      await begun
      notify.resourceUpdated(uri)
    },
  }
}
