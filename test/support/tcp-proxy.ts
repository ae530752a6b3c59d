import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/** Stands between a client and a server on this machine, and spoils what the test says. */
export class TcpProxy {
  readonly port: number
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  /** Nothing goes through either way, and nothing ends: a network that lost its way. */
  isBlackHole = false
  /** Requests reach the server; no reply comes back. */
  dropsReplies = false
  /** Everything arrives so much later, in its order. */
  delayMs = 0
  /** On connections made from now on nothing is heard of the server until it ends them; then all of it comes in one piece. */
  repliesWaitForEnd = false
  readonly #ways = new Set<Way>()
  #onReply: ((connection: Socket) => 'pass' | 'drop') | undefined
  #onRequest: ((bytes: Buffer, connection: Socket) => void) | undefined

  private constructor(server: Server, port: number) {
    this.#server = server
    this.port = port
  }

  static async start(targetPort: number): Promise<TcpProxy> {
    const server = createServer()
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const proxy = new TcpProxy(server, (server.address() as AddressInfo).port)
    server.on('connection', (client) => proxy.#join(client, targetPort))
    return proxy
  }

  /** Sees all requests that pass. */
  spy(onRequest: (bytes: Buffer) => void): void {
    this.#onRequest = onRequest
  }

  /** The next request that holds this text reaches the server; its answer is lost, and all connections with it. */
  loseAnswerTo(text: string): void {
    let asked: Socket | undefined
    this.#onRequest = (bytes, connection) => {
      if (bytes.includes(text)) asked ??= connection
    }
    this.#onReply = (connection) => {
      // What comes meanwhile on another connection is no answer to it.
      if (connection !== asked) return 'pass'
      this.#onReply = undefined
      this.#onRequest = undefined
      this.cut()
      return 'drop'
    }
  }

  /** Ends all connections. New ones are taken. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  /** Holds back what comes on the present connections from now on, their end too; new connections go at once. */
  hold(): HeldConnections {
    return new HeldConnections([...this.#ways])
  }

  async close(): Promise<void> {
    this.cut()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #join(client: Socket, targetPort: number): void {
    const upstream = connect(targetPort, '127.0.0.1')
    this.#forward(client, new Way(upstream, true), (bytes) => {
      if (this.isBlackHole) return false
      this.#onRequest?.(bytes, client)
      return true
    })
    const replies = this.#forward(
      upstream,
      new Way(client, false),
      () => !this.isBlackHole && !this.dropsReplies && this.#onReply?.(client) !== 'drop',
    )
    if (!this.repliesWaitForEnd) return
    replies.hold()
    upstream.on('close', () => replies.letGo())
  }

  #forward(from: Socket, way: Way, passes: (bytes: Buffer) => boolean): Way {
    this.#sockets.add(from)
    this.#ways.add(way)
    from.on('error', () => {})
    from.on('data', (bytes) => {
      if (passes(bytes)) way.send(bytes, this.delayMs)
    })
    from.on('close', () => {
      this.#sockets.delete(from)
      this.#ways.delete(way)
      if (!this.isBlackHole) way.end(this.delayMs)
    })
    return way
  }
}

/** Connections on which nothing arrives until they are let go. */
export class HeldConnections {
  readonly #ways: readonly Way[]

  constructor(ways: readonly Way[]) {
    this.#ways = ways
    for (const way of ways) way.hold()
  }

  /** Their clients have closed them all, for want of an answer. */
  get areGivenUp(): boolean {
    return this.#toServer.every((way) => way.hasEnd)
  }

  /** The other side gets what was sent long ago. Resolves when the server has done all that a client sent before it gave up. */
  async letGo(): Promise<void> {
    const ends = this.#toServer.filter((way) => way.hasEnd).map((way) => way.closed)
    for (const way of this.#ways) way.letGo()
    await Promise.all(ends)
  }

  get #toServer(): readonly Way[] {
    return this.#ways.filter((way) => way.isToServer)
  }
}

/** One direction of a connection. What was sent arrives in its order, whatever the delays. */
class Way {
  readonly isToServer: boolean
  /** Its sender has closed the connection. */
  hasEnd = false
  /** Its receiver has too. */
  readonly closed: Promise<unknown>
  readonly #to: Socket
  readonly #queue: { readonly due: number; readonly arrive: () => void }[] = []
  #isHeld = false
  #timer: NodeJS.Timeout | undefined

  constructor(to: Socket, isToServer: boolean) {
    this.#to = to
    this.isToServer = isToServer
    this.closed = new Promise((resolve) => to.on('close', resolve))
  }

  send(bytes: Buffer, delayMs: number): void {
    this.#put(() => this.#to.write(bytes), delayMs)
  }

  /** A server closes it too, once it has done all that it was sent. */
  end(delayMs: number): void {
    this.hasEnd = true
    this.#put(() => (this.isToServer ? this.#to.end() : this.#to.destroySoon()), delayMs)
  }

  hold(): void {
    this.#isHeld = true
  }

  letGo(): void {
    this.#isHeld = false
    this.#drain()
  }

  #put(arrive: () => void, delayMs: number): void {
    this.#queue.push({ due: performance.now() + delayMs, arrive })
    if (!this.#timer) this.#drain()
  }

  #drain(): void {
    this.#timer = undefined
    while (!this.#isHeld) {
      const [next] = this.#queue
      if (!next) return
      const early = next.due - performance.now()
      if (early > 0) {
        this.#timer ??= setTimeout(() => this.#drain(), early)
        return
      }
      this.#queue.shift()
      next.arrive()
    }
  }
}

/** Runs `body` with a proxy before that port. */
export async function withProxy<T>(targetPort: number, body: (proxy: TcpProxy) => Promise<T>): Promise<T> {
  const proxy = await TcpProxy.start(targetPort)
  try {
    return await body(proxy)
  } finally {
    await proxy.close()
  }
}
