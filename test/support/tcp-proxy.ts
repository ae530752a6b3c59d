import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/** Stands between a client and a server on this machine, and spoils what it is told to. */
export class TcpProxy {
  readonly port: number
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  /** Nothing goes through either way, and nothing ends: a network that lost its way. */
  isBlackHole = false
  #onReply: ((bytes: Buffer) => 'pass' | 'drop') | undefined
  #onRequest: ((bytes: Buffer) => void) | undefined

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

  /** The next request that holds this text reaches the server; its answer is lost, and the connection with it. */
  loseAnswerTo(text: string): void {
    let isNext = false
    this.#onRequest = (bytes) => {
      isNext ||= bytes.includes(text)
    }
    this.#onReply = () => {
      if (!isNext) return 'pass'
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

  async close(): Promise<void> {
    this.cut()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #join(client: Socket, targetPort: number): void {
    const upstream = connect(targetPort, '127.0.0.1')
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      this.#sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        this.#sockets.delete(socket)
        if (!this.isBlackHole) other.destroy()
      })
    }
    client.on('data', (bytes) => {
      if (this.isBlackHole) return
      this.#onRequest?.(bytes)
      upstream.write(bytes)
    })
    upstream.on('data', (bytes) => {
      if (this.isBlackHole || this.#onReply?.(bytes) === 'drop') return
      client.write(bytes)
    })
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
