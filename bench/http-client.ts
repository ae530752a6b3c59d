import { connect, type Socket } from 'node:net'

/** One request, as it is sent again and again. */
export interface Asked {
  readonly method: 'GET' | 'POST' | 'PATCH'
  readonly path: string
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** Where to send it, and with which key. */
export interface Target {
  readonly address: string
  readonly key: string
}

const HEAD_END = '\r\n\r\n'
const LAST_CHUNK = Buffer.from('0\r\n\r\n')

/**
 * Sends one and the same request over one connection, whole bytes that were made once, and knows of the answer no more than where it ends: a
 * client that takes as long as the server would measure itself.
 */
export class Repeater {
  readonly #socket: Socket
  readonly #bytes: Buffer
  #received: Buffer = Buffer.alloc(0)
  #answered: PromiseWithResolvers<Buffer> | undefined

  private constructor(socket: Socket, bytes: Buffer) {
    this.#socket = socket
    this.#bytes = bytes
    socket.setNoDelay(true)
    socket.on('data', (chunk) => this.#take(chunk))
    socket.on('error', (error) => this.#answered?.reject(error))
    socket.on('close', () => this.#answered?.reject(new Error('the server has closed the connection')))
  }

  static open(target: Target, asked: Asked): Promise<Repeater> {
    const { hostname, port } = new URL(target.address)
    return new Promise((resolve, reject) => {
      const socket = connect({ host: hostname, port: Number(port) })
      socket.once('error', reject)
      socket.once('connect', () => resolve(new Repeater(socket, bytesOf(target, asked))))
    })
  }

  /** The whole answer; rejects for one that is no success. */
  send(): Promise<Buffer> {
    this.#answered = Promise.withResolvers()
    this.#socket.write(this.#bytes)
    return this.#answered.promise
  }

  close(): void {
    this.#socket.destroy()
  }

  #take(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk])
    if (!isWhole(this.#received)) return
    const answer = this.#received
    this.#received = Buffer.alloc(0)
    if (answer.subarray(9, 10).toString('latin1') === '2') this.#answered?.resolve(answer)
    else this.#answered?.reject(new Error(answer.toString().slice(0, 600)))
  }
}

/** A request as its bytes. */
export function bytesOf({ address, key }: Target, { method, path, body, headers = {} }: Asked): Buffer {
  const all = {
    host: new URL(address).host,
    authorization: `Bearer ${key}`,
    ...(body !== undefined && {
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
    }),
    ...headers,
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`)
  return Buffer.from(`${[`${method} ${path} HTTP/1.1`, ...lines].join('\r\n')}${HEAD_END}${body ?? ''}`)
}

function isWhole(received: Buffer): boolean {
  const end = received.indexOf(HEAD_END)
  if (end < 0) return false
  const length = /\r\ncontent-length: *(\d+)/i.exec(received.toString('latin1', 0, end))?.[1]
  if (length !== undefined) return received.length >= end + HEAD_END.length + Number(length)
  return received.subarray(-LAST_CHUNK.length).equals(LAST_CHUNK)
}

/** The body of a whole answer. */
export function bodyOf(answer: Buffer): string {
  const end = answer.indexOf(HEAD_END)
  const body = answer.subarray(end + HEAD_END.length)
  const isChunked = /\r\ntransfer-encoding: *chunked/i.test(answer.toString('latin1', 0, end))
  return isChunked ? unchunked(body) : body.toString()
}

function unchunked(body: Buffer): string {
  const parts: Buffer[] = []
  for (let at = 0; at < body.length; ) {
    const lineEnd = body.indexOf('\r\n', at)
    const size = Number.parseInt(body.toString('latin1', at, lineEnd), 16)
    if (!(size > 0)) break
    parts.push(body.subarray(lineEnd + 2, lineEnd + 2 + size))
    at = lineEnd + 2 + size + 2
  }
  return Buffer.concat(parts).toString()
}

export async function once(target: Target, asked: Asked): Promise<string> {
  const repeater = await Repeater.open(target, asked)
  try {
    return bodyOf(await repeater.send())
  } finally {
    repeater.close()
  }
}
