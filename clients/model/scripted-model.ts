import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import type { Dialect, ModelRequest, OfferedTool, ToolCall, ToolResult, Turn } from './dialect.ts'

interface Waiting {
  readonly request: ModelRequest
  readonly answer: (turn: Turn) => void
}

/** What a client asks of a model beside the conversation: a title, a summary. Those come without tools. */
const ASIDE: Turn = { say: 'A task' }

/**
 * A model on loopback that plays a part: the client's own requests are held until the script says what the model does next,
 * and a call answers what came back of it in the next request.
 */
export class ScriptedModel {
  readonly #server: Server
  readonly #dialect: Dialect
  #ended = Promise.withResolvers<never>()
  /** Requests that were not answered yet, the oldest first. */
  readonly #waiting: Waiting[] = []
  #arrived = Promise.withResolvers<void>()
  #calls = 0
  /** What a request held that could not be understood. */
  readonly problems: string[] = []

  private constructor(server: Server, dialect: Dialect) {
    this.#server = server
    this.#dialect = dialect
    this.begin()
    server.on('request', (request, response) => void this.#hear(request, response))
  }

  static async open(dialect: Dialect): Promise<ScriptedModel> {
    const model = new ScriptedModel(createServer(), dialect)
    model.#server.listen(0, '127.0.0.1')
    await once(model.#server, 'listening')
    return model
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** The request that waits for an answer. */
  async request(): Promise<ModelRequest> {
    return (await this.#next()).request
  }

  /** Calls a tool, by the name under which the client offers it. */
  async call(
    { name, namespace }: Pick<OfferedTool, 'name' | 'namespace'>,
    args: ToolCall['args'],
  ): Promise<ToolResult> {
    const id = `call_${++this.#calls}`
    const call = { id, name, args, ...(namespace !== undefined && { namespace }) }
    await this.#answer({ calls: [call] })
    const { results } = await this.request()
    const result = results.findLast(({ callId }) => callId === id)
    if (!result) throw new Error(`no result of ${name} reached the model`)
    return result
  }

  /** Ends the conversation. */
  async say(text: string): Promise<void> {
    await this.#answer({ say: text })
  }

  /** Another client comes. */
  begin(): void {
    this.#waiting.length = 0
    this.#ended = Promise.withResolvers<never>()
    this.#ended.promise.catch(() => {})
  }

  /** Whoever waits for a request hears why none will come. */
  end(why: string): void {
    this.#ended.reject(new Error(why))
  }

  async close(): Promise<void> {
    this.end('the model was closed')
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }

  async #next(): Promise<Waiting> {
    for (;;) {
      const [first] = this.#waiting
      if (first) return first
      await Promise.race([this.#arrived.promise, this.#ended.promise])
    }
  }

  async #answer(turn: Turn): Promise<void> {
    const { answer } = await this.#next()
    this.#waiting.shift()
    answer(turn)
  }

  async #hear(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname: path } = new URL(message.url ?? '/', this.url)
    if (!(message.method === 'POST' && this.#dialect.asksModel(path))) {
      message.resume()
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
      return
    }
    try {
      const body = await json(message)
      const request = this.#dialect.read(body)
      const answer = (turn: Turn) => this.#dialect.write(response, turn, { path, body })
      if (request.tools.length === 0) answer(ASIDE)
      else this.#arrive({ request, answer })
    } catch (error) {
      this.problems.push(`${path}: ${String(error)}`)
      response.writeHead(400, { 'content-type': 'application/json' }).end('{}')
    }
  }

  #arrive(waiting: Waiting): void {
    this.#waiting.push(waiting)
    this.#arrived.resolve()
    this.#arrived = Promise.withResolvers<void>()
  }
}
