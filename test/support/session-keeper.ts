import { connect, createServer, type Socket } from 'node:net'

/*
 * A program between the tests and PostgreSQL that gives the session of a connection that was ended properly to the next one with the
 * same settings, emptied by DISCARD ALL: starting a session and reading the catalogue again takes longer than most tests need. What
 * breaks off, is in a transaction or has answers to come is ended as PostgreSQL would end it.
 * Arguments: host and port of PostgreSQL. Prints the port on loopback that it listens on.
 *
 * The format of messages: https://www.postgresql.org/docs/current/protocol-message-formats.html
 */

const MOST_KEPT = 60
const SSL_REQUEST = 80_877_103
const CANCEL_REQUEST = 80_877_102
const GSS_REQUEST = 80_877_104

const HEADER = 5
const TERMINATE = 'X'
const READY = 'Z'
/** Each is answered by READY. */
const ASKING = new Set(['Q', 'S', 'F'])
const DISCARD = query('discard all')

const [host, port] = [process.argv[2] ?? '', Number(process.argv[3])]
const kept: Session[] = []

/** Splits a stream into whole messages without copying them; the header of the last may be held back until it is whole. */
class Messages {
  #held: Buffer = Buffer.alloc(0)
  #rest = 0

  /** The bytes to pass on; `see` learns each message's type and the first byte of its body, and ends the reading with false. */
  feed(chunk: Buffer, see: (type: string, first: number) => boolean): Buffer {
    const data = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk])
    let at = Math.min(this.#rest, data.length)
    this.#rest -= at
    while (data.length - at > HEADER || (data.length - at === HEADER && data.readInt32BE(at + 1) === 4)) {
      if (!see(String.fromCharCode(data[at] ?? 0), data[at + HEADER] ?? 0)) return data.subarray(0, at)
      const end = at + 1 + data.readInt32BE(at + 1)
      at = Math.min(end, data.length)
      this.#rest = end - at
    }
    this.#held = data.subarray(at)
    return data.subarray(0, at)
  }
}

/** One session of PostgreSQL, lent to one client after the other. */
class Session {
  readonly settings: string
  readonly #socket: Socket
  readonly #messages = new Messages()
  #greeting: Buffer[] | Buffer = []
  #client: Socket | undefined
  #asked = 1
  #isIdle = false
  #isGivenBack = false

  constructor(startup: Buffer, client: Socket) {
    this.settings = startup.toString('latin1')
    this.#client = client
    this.#socket = connect({ host, port, noDelay: true })
    this.#socket.on('error', () => {})
    this.#socket.on('close', () => this.#ended())
    this.#socket.on('data', (chunk) => this.#answered(chunk))
    this.#socket.write(startup)
  }

  /** Greets that client as the first was. */
  lend(client: Socket): void {
    this.#client = client
    client.write(this.#greeting as Buffer)
  }

  send(bytes: Buffer): void {
    this.#socket.write(bytes)
  }

  asked(): void {
    this.#asked++
  }

  /** The client has said that it ends: without an open question or transaction the session is kept. */
  giveBack(): void {
    this.#client = undefined
    if (this.#asked > 0 || !this.#isIdle) this.end()
    else {
      this.#asked++
      this.#isGivenBack = true
      this.#socket.write(DISCARD)
    }
  }

  end(): void {
    this.#client = undefined
    this.#socket.destroy()
  }

  #answered(chunk: Buffer): void {
    const client = this.#client
    let hasFailed = false
    const bytes = this.#messages.feed(chunk, (type, first) => {
      hasFailed ||= type === 'E'
      if (type === READY) {
        this.#asked--
        this.#isIdle = String.fromCharCode(first) === 'I'
      }
      return true
    })
    if (Array.isArray(this.#greeting)) {
      this.#greeting.push(Buffer.from(bytes))
      if (this.#asked === 0) this.#greeting = Buffer.concat(this.#greeting)
    }
    if (client) client.write(bytes)
    else if (hasFailed) this.end()
    else if (this.#isGivenBack && this.#asked === 0) this.#keep()
  }

  #keep(): void {
    this.#isGivenBack = false
    if (kept.length >= MOST_KEPT) kept.shift()?.end()
    kept.push(this)
  }

  #ended(): void {
    const place = kept.indexOf(this)
    if (place >= 0) kept.splice(place, 1)
    this.#client?.end()
  }
}

const server = createServer({ noDelay: true }, (client) => {
  let start = Buffer.alloc(0)
  client.on('error', () => {})
  client.on('data', function begin(chunk: Buffer) {
    start = Buffer.concat([start, chunk])
    if (start.length < 8 || start.length < start.readInt32BE(0)) return
    const code = start.readInt32BE(4)
    if (code === SSL_REQUEST || code === GSS_REQUEST) {
      start = start.subarray(8)
      return void client.write('N')
    }
    client.off('data', begin)
    if (code === CANCEL_REQUEST) return cancel(client, start)
    const length = start.readInt32BE(0)
    serve(client, start.subarray(0, length), start.subarray(length))
  })
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address !== null && typeof address === 'object') process.stdout.write(`${address.port}\n`)
})
// The run that started it has ended.
process.stdin.on('close', () => process.exit()).resume()

function serve(client: Socket, startup: Buffer, rest: Buffer): void {
  const session = take(startup, client)
  const messages = new Messages()
  let isOver = false
  const receive = (chunk: Buffer) => {
    if (isOver) return
    const bytes = messages.feed(chunk, (type) => {
      isOver = type === TERMINATE
      if (ASKING.has(type)) session.asked()
      return !isOver
    })
    if (bytes.length > 0) session.send(bytes)
    if (!isOver) return
    session.giveBack()
    client.end()
  }
  client.on('data', receive)
  client.on('close', () => {
    if (!isOver) session.end()
  })
  if (rest.length > 0) receive(rest)
}

function take(startup: Buffer, client: Socket): Session {
  const settings = startup.toString('latin1')
  const place = kept.findLastIndex((session) => session.settings === settings)
  const [session] = place < 0 ? [] : kept.splice(place, 1)
  if (session === undefined) return new Session(startup, client)
  session.lend(client)
  return session
}

function cancel(client: Socket, request: Buffer): void {
  const socket = connect(port, host, () => socket.end(request))
  socket.on('error', () => {})
  socket.on('close', () => client.destroy())
  socket.resume()
}

function query(text: string): Buffer {
  const body = Buffer.from(`${text}\0`)
  const bytes = Buffer.alloc(HEADER)
  bytes.write('Q')
  bytes.writeInt32BE(body.length + 4, 1)
  return Buffer.concat([bytes, body])
}
